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

QLabel* heading(const QString& text, double scale) {
    auto* label = new QLabel(text);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(true);
    label->setFont(font);
    label->setWordWrap(true);
    return label;
}

void clear(FlowLayout& flow) {
    while (QLayoutItem* item = flow.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

GalleryPanel::GalleryPanel(QWidget* parent)
    : QScrollArea(parent)
    , m_hint(new QLabel)
    , m_cards(new QWidget)
    , m_flow(new FlowLayout(m_cards, kCardGapPx))
    , m_programs(new QWidget)
    , m_programFlow(new FlowLayout(m_programs, kCardGapPx)) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Examples"));
    m_flow->setColumns(kCardWidthPx);
    m_programFlow->setColumns(kCardWidthPx);
    auto* title = heading(tr("See what the same work does under every concurrency model"), 1.6);
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
    auto* learn = new QPushButton(iconNamed(QStringLiteral("learn")), tr("Take a lesson…"));
    learn->setObjectName(QStringLiteral("takeLesson"));
    connect(learn, &QPushButton::clicked, this, &GalleryPanel::lessonsRequested);
    auto* learnLabel = new QLabel(tr("Say what you expect, run it, and see how near you were."));
    learnLabel->setForegroundRole(QPalette::PlaceholderText);
    auto* learnRow = new QHBoxLayout;
    learnRow->addWidget(learn);
    learnRow->addWidget(learnLabel, 1);
    column->addWidget(title);
    column->addLayout(learnRow);
    column->addWidget(m_hint);
    column->addSpacing(4);
    column->addWidget(m_cards);
    column->addSpacing(4);
    auto* programsHint = new QLabel(tr("Real CPython, recorded as it runs: every thread, task and "
                                       "process, and who holds the interpreter lock. One click "
                                       "runs the program with python3."));
    programsHint->setWordWrap(true);
    auto* record = new QPushButton(iconNamed(QStringLiteral("run")), tr("Record a program…"));
    connect(record, &QPushButton::clicked, this, &GalleryPanel::recordRequested);
    auto* recordLabel = new QLabel(tr("Or record one of your own, Python or any other, as it is."));
    recordLabel->setForegroundRole(QPalette::PlaceholderText);
    auto* recordRow = new QHBoxLayout;
    recordRow->addWidget(record);
    recordRow->addWidget(recordLabel, 1);
    column->addWidget(heading(tr("Python programs"), 1.25));
    column->addWidget(programsHint);
    column->addWidget(m_programs);
    column->addLayout(recordRow);
    column->addSpacing(4);
    column->addLayout(openRow);
    column->addStretch(1);
    setWidget(content);
    setAlignment(Qt::AlignHCenter);
}

void GalleryPanel::setScenarios(const std::vector<scenario::Scenario>& scenarios) {
    clear(*m_flow);
    for (const scenario::Scenario& scenario : scenarios) {
        auto* card = new ScenarioCard(scenario, m_cards);
        connect(card, &ScenarioCard::clicked, this,
                [this, card] { Q_EMIT exampleClicked(card->reference()); });
        m_flow->addWidget(card);
    }
}

void GalleryPanel::setPrograms(const std::vector<program::ExampleProgram>& programs) {
    clear(*m_programFlow);
    for (const program::ExampleProgram& program : programs) {
        auto* card = new ScenarioCard(program, m_programs);
        const QString title = QString::fromStdString(program.title);
        connect(card, &ScenarioCard::clicked, this,
                [this, card, title] { Q_EMIT programClicked(card->reference(), title); });
        m_programFlow->addWidget(card);
    }
}

void GalleryPanel::setModelTitle(const QString& title) {
    m_hint->setText(tr("Pick an example. It runs at once on this machine under “%1”, is recorded, "
                       "and shows where its time goes. Change the model at the left and run it "
                       "again to compare.")
                        .arg(title));
}

} // namespace interleave::ui
