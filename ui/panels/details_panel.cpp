// SPDX-License-Identifier: GPL-3.0-or-later
// DetailsPanel: follows the selection and the range of one ViewState.
#include "ui/panels/details_panel.h"

#include "engine/analysis/statistics.h"
#include "ui/panels/state_totals_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kRangeDelayMs = 40;

QString tableOf(const DetailText& text) {
    QString html = QStringLiteral("<table cellspacing=0 cellpadding=1>");
    for (const auto& [name, value] : text.rows) {
        html += QStringLiteral("<tr><td style='padding-right:14px'>%1</td><td>%2</td></tr>")
                    .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
    }
    return html + QStringLiteral("</table>");
}

QString lengthText(TimeRange range) {
    return QString::fromStdString(formatDuration(range.durationNs()));
}

} // namespace

DetailsPanel::DetailsPanel(Describe describe, QWidget* parent)
    : QScrollArea(parent)
    , m_describe(std::move(describe))
    , m_title(new QLabel)
    , m_rows(new QLabel)
    , m_totals(new StateTotalsView) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Details"));
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_rows->setTextFormat(Qt::RichText);
    m_rows->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_rows->setWordWrap(true);
    m_rows->setObjectName(QStringLiteral("detailRows"));
    auto* left = new QVBoxLayout;
    left->setSpacing(4);
    left->addWidget(m_title);
    left->addWidget(m_rows);
    left->addStretch(1);
    auto* right = new QVBoxLayout;
    right->addWidget(m_totals);
    right->addStretch(1);
    auto* content = new QWidget;
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(10, 6, 10, 6);
    row->setSpacing(24);
    row->addLayout(left, 1);
    row->addLayout(right, 2);
    setWidget(content);
    m_rangeTimer.setSingleShot(true);
    m_rangeTimer.setInterval(kRangeDelayMs);
    connect(&m_rangeTimer, &QTimer::timeout, this, &DetailsPanel::showRange);
    showSpan();
    showRange();
}

void DetailsPanel::setViewState(ViewState* state) {
    if (m_state) {
        m_state->disconnect(this);
        m_state->disconnect(&m_rangeTimer);
    }
    m_state = state;
    if (m_state) {
        const auto later = [this] {
            if (!m_rangeTimer.isActive()) {
                m_rangeTimer.start();
            }
        };
        connect(m_state, &ViewState::selectedSpanChanged, this, &DetailsPanel::showSpan);
        connect(m_state, &ViewState::recordingChanged, this, &DetailsPanel::showSpan);
        connect(m_state, &ViewState::recordingChanged, this, later);
        connect(m_state, &ViewState::selectedRangeChanged, this, later);
        connect(m_state, &ViewState::visibleChanged, this, later);
        connect(m_state, &ViewState::themeChanged, this, later);
    }
    showSpan();
    showRange();
}

void DetailsPanel::showSpan() {
    if (m_state && m_state->recording() && m_state->selectedSpan()) {
        const DetailText text = m_describe(*m_state->recording(), *m_state->selectedSpan());
        m_title->setText(text.title);
        m_rows->setText(tableOf(text));
        m_rows->setForegroundRole(QPalette::WindowText);
        return;
    }
    m_title->setText(tr("Nothing is selected"));
    m_rows->setText(tr("Click a bar to read what it was, what it waited for and who had it. "
                       "Drag over rows to select a range of time."));
    m_rows->setForegroundRole(QPalette::PlaceholderText);
}

void DetailsPanel::showRange() {
    if (!m_state || !m_state->recording()) {
        m_totals->setTotals(QString(), {});
        return;
    }
    const recording::Recording& recording = *m_state->recording();
    m_totals->setTheme(m_state->theme());
    const bool isSelected = m_state->selectedRange().has_value();
    const TimeRange range =
        (isSelected ? *m_state->selectedRange() : m_state->visible()).intersected(recording.range);
    const auto totals = analysis::stateTotals(recording, recording::TrackKind::Task, range);
    m_totals->setTotals((isSelected ? tr("Selected range, %1: the tasks' time by state")
                                    : tr("Visible range, %1: the tasks' time by state"))
                            .arg(lengthText(range)),
                        totals);
}

} // namespace interleave::ui
