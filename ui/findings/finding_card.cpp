// SPDX-License-Identifier: GPL-3.0-or-later
// FindingCard: labels and buttons; low and wide, as the dock is.
#include "ui/findings/finding_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kLowestPx = 30;

QToolButton* stepButton(Qt::ArrowType arrow, const QString& tip, const QString& name) {
    auto* button = new QToolButton;
    button->setArrowType(arrow);
    button->setAutoRaise(true);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setObjectName(name);
    return button;
}

QString paragraph(const QString& heading, const std::string& text, const QColor& muted) {
    return QStringLiteral("<p style='margin:0 0 5px 0'><span style='color:%1'>%2</span> %3</p>")
        .arg(muted.name(), heading, QString::fromStdString(text).toHtmlEscaped());
}

} // namespace

FindingCard::FindingCard(QWidget* parent)
    : QWidget(parent)
    , m_previous(stepButton(Qt::LeftArrow, tr("Previous place that proves it (Left)"),
                            QStringLiteral("previousProof")))
    , m_next(stepButton(Qt::RightArrow, tr("Next place that proves it (Right)"),
                        QStringLiteral("nextProof")))
    , m_copy(new QToolButton)
    , m_proof(new QLabel)
    , m_text(new QLabel)
    , m_try(new QPushButton(tr("&Try the cure")))
    , m_change(new QLabel) {
    setAccessibleName(tr("The chosen finding"));
    build();
    connect(m_previous, &QToolButton::clicked, this, &FindingCard::previousWanted);
    connect(m_next, &QToolButton::clicked, this, &FindingCard::nextWanted);
    connect(m_copy, &QToolButton::clicked, this, &FindingCard::copyWanted);
    connect(m_try, &QPushButton::clicked, this, &FindingCard::tryWanted);
    setTheme(themeOf(ThemeKind::Light));
    setFinding(nullptr);
}

void FindingCard::build() {
    m_copy->setText(tr("&Copy all"));
    m_copy->setToolTip(tr("Copy all findings as text"));
    m_copy->setAutoRaise(true);
    m_copy->setObjectName(QStringLiteral("copyFindings"));
    m_proof->setTextFormat(Qt::PlainText);
    m_text->setTextFormat(Qt::RichText);
    m_text->setWordWrap(true);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setObjectName(QStringLiteral("findingText"));
    m_try->setObjectName(QStringLiteral("tryCure"));
    m_change->setTextFormat(Qt::PlainText);
    m_change->setWordWrap(true);
    m_change->setObjectName(QStringLiteral("cureText"));
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_text);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setMinimumHeight(kLowestPx); // the dock may be low
    auto* head = new QHBoxLayout;
    head->setSpacing(2);
    head->addWidget(m_previous);
    head->addWidget(m_next);
    head->addSpacing(4);
    head->addWidget(m_proof, 1);
    head->addWidget(m_copy);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addWidget(m_try);
    foot->addWidget(m_change, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(scroll, 1);
    column->addLayout(foot);
}

void FindingCard::setFinding(const findings::Finding* finding) {
    m_finding = finding != nullptr ? std::optional(*finding) : std::nullopt;
    const bool hasProofs = m_finding && !m_finding->evidence.empty();
    m_previous->setVisible(hasProofs);
    m_next->setVisible(hasProofs);
    m_copy->setVisible(m_finding.has_value());
    setProof(std::nullopt, {});
    showText();
    showCure();
}

void FindingCard::setRerun(const Rerun& rerun) {
    m_rerun = rerun;
    showCure();
}

void FindingCard::setTheme(const Theme& theme) {
    m_muted = theme.mutedText;
    showText();
}

void FindingCard::setProof(std::optional<std::size_t> index, const QString& what) {
    if (!m_finding) {
        m_proof->clear();
        return;
    }
    const auto count = static_cast<qlonglong>(m_finding->evidence.size());
    m_proof->setText(
        count == 0 ? tr("It is about the run as a whole")
        : !index   ? (count == 1 ? tr("1 place proves it") : tr("%1 places prove it").arg(count))
                   : tr("%1 of %2: %3").arg(*index + 1).arg(count).arg(what));
    m_proof->setToolTip(m_proof->text());
}

QString FindingCard::proofText() const {
    return m_proof->text();
}

QString FindingCard::cureText() const {
    return m_change->text();
}

void FindingCard::showText() {
    m_text->setText(m_finding ? paragraph(tr("Why"), m_finding->cause, m_muted) +
                                    paragraph(tr("What helps"), m_finding->cure, m_muted)
                              : QString());
}

void FindingCard::showCure() {
    const bool hasCure = m_finding && !m_finding->tryIt.empty();
    m_try->setVisible(hasCure);
    m_change->setVisible(hasCure);
    if (!hasCure) {
        m_change->clear();
        return;
    }
    QString change;
    if (m_rerun.choice) {
        change = QString::fromStdString(
            changesText(*m_rerun.choice, changed(*m_rerun.choice, m_finding->tryIt)));
    }
    m_try->setEnabled(!change.isEmpty() && !m_rerun.isBusy);
    m_try->setToolTip(m_rerun.isBusy ? tr("A run goes on; wait for its end")
                                     : tr("Run the same scenario with this changed, and compare"));
    m_change->setText(!m_rerun.choice    ? m_rerun.refusal
                      : change.isEmpty() ? tr("The run was made like that already")
                                         : change);
    m_try->setAccessibleDescription(m_change->text());
}

} // namespace interleave::ui
