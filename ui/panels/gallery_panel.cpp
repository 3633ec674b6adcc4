// SPDX-License-Identifier: GPL-3.0-or-later
// GalleryPanel: a heading, a sentence that says what to do first, and a card for each example.
#include "ui/panels/gallery_panel.h"

#include "ui/panels/flow_layout.h"
#include "ui/panels/icons.h"
#include "ui/panels/scenario_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kMarginPx = 28;
constexpr int kCardGapPx = 12;
constexpr int kCardWidthPx = 240;
constexpr int kWidestPx = 1100; // lines of text and rows of cards get no longer

} // namespace

GalleryPanel::GalleryPanel(QWidget* parent)
    : QScrollArea(parent)
    , m_hint(new QLabel)
    , m_cards(new QWidget)
    , m_flow(new FlowLayout(m_cards, kCardGapPx)) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Examples"));
    m_flow->setColumns(kCardWidthPx);
    auto* title = new QLabel(tr("See what the same work does under every concurrency model"));
    QFont font = title->font();
    font.setPointSizeF(font.pointSizeF() * 1.6);
    font.setBold(true);
    title->setFont(font);
    title->setWordWrap(true);
    m_hint->setWordWrap(true);
    auto* openLabel =
        new QLabel(tr("Or look at a recording: drop an .ilv file anywhere on this window."));
    openLabel->setForegroundRole(QPalette::PlaceholderText);
    auto* open = new QPushButton(iconNamed(QStringLiteral("open")), tr("Open a file…"));
    connect(open, &QPushButton::clicked, this, &GalleryPanel::openRequested);
    auto* openRow = new QHBoxLayout;
    openRow->addWidget(open);
    openRow->addWidget(openLabel, 1);

    auto* content = new QWidget;
    content->setMaximumWidth(kWidestPx);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kMarginPx, kMarginPx, kMarginPx, kMarginPx);
    column->setSpacing(12);
    column->addWidget(title);
    column->addWidget(m_hint);
    column->addSpacing(4);
    column->addWidget(m_cards);
    column->addSpacing(4);
    column->addLayout(openRow);
    column->addStretch(1);
    setWidget(content);
    setAlignment(Qt::AlignHCenter);
}

void GalleryPanel::setScenarios(const std::vector<scenario::Scenario>& scenarios) {
    while (QLayoutItem* item = m_flow->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const scenario::Scenario& scenario : scenarios) {
        auto* card = new ScenarioCard(scenario, m_cards);
        connect(card, &ScenarioCard::clicked, this,
                [this, card] { Q_EMIT exampleClicked(card->reference()); });
        m_flow->addWidget(card);
    }
}

void GalleryPanel::setModelTitle(const QString& title) {
    m_hint->setText(tr("Pick an example. It runs at once on this machine under “%1”, is recorded, "
                       "and shows where its time goes. Change the model at the left and run it "
                       "again to compare.")
                        .arg(title));
}

} // namespace interleave::ui
