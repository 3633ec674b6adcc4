// SPDX-License-Identifier: GPL-3.0-or-later
// DetailsPanel: follows the selection and the range of one ViewState.
#include "ui/panels/details_panel.h"

#include "engine/analysis/link_index.h"
#include "engine/analysis/statistics.h"
#include "ui/panels/state_totals_view.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kRangeDelayMs = 40;
constexpr qsizetype kColumnRows = 8;
constexpr qsizetype kMostColumns = 3;

/// Values of foreign traces may be long; the rest is in the clipboard.
constexpr qsizetype kMostShown = 600;

QString shortened(const QString& value) {
    return value.size() > kMostShown ? value.left(kMostShown) + QStringLiteral(" …") : value;
}

QString rowOf(const DetailRow& row, qsizetype index, const QColor& link) {
    QString value = shortened(row.value).toHtmlEscaped();
    value.replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    if (row.target) {
        value = QStringLiteral("<a href='%1' style='color:%2'>%3</a>")
                    .arg(index)
                    .arg(link.name(), value);
    }
    return QStringLiteral("<tr><td style='padding-right:14px'>%1</td><td>%2</td></tr>")
        .arg(row.label.toHtmlEscaped(), value);
}

/// In columns beside each other: the panel is low and wide.
QString tableOf(const DetailText& text, const QColor& link) {
    const qsizetype columns =
        std::clamp((text.rows.size() + kColumnRows - 1) / kColumnRows, qsizetype{1}, kMostColumns);
    const qsizetype rows = (text.rows.size() + columns - 1) / columns;
    QString html = QStringLiteral("<table cellspacing=0 cellpadding=0><tr>");
    for (qsizetype i = 0; i < text.rows.size(); ++i) {
        if (i % rows == 0) {
            html += QStringLiteral("<td valign=top style='padding-right:28px'>"
                                   "<table cellspacing=0 cellpadding=1>");
        }
        html += rowOf(text.rows[i], i, link);
        if (i % rows == rows - 1 || i + 1 == text.rows.size()) {
            html += QStringLiteral("</table></td>");
        }
    }
    return html + QStringLiteral("</tr></table>");
}

} // namespace

DetailsPanel::DetailsPanel(Describe describe, QWidget* parent)
    : QScrollArea(parent)
    , m_describe(std::move(describe))
    , m_title(new QLabel)
    , m_rows(new QLabel)
    , m_copy(new QToolButton)
    , m_zoom(new QToolButton)
    , m_totals(new StateTotalsView) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Details"));
    setWidget(buildContent());
    connect(m_rows, &QLabel::linkActivated, this, &DetailsPanel::openLink);
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(toText()); });
    connect(m_zoom, &QToolButton::clicked, this, &DetailsPanel::zoomToSpan);
    m_rangeTimer.setSingleShot(true);
    m_rangeTimer.setInterval(kRangeDelayMs);
    connect(&m_rangeTimer, &QTimer::timeout, this, &DetailsPanel::showRange);
    showSpan();
    showRange();
}

DetailsPanel::~DetailsPanel() = default;

QWidget* DetailsPanel::buildContent() {
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_rows->setTextFormat(Qt::RichText);
    m_rows->setTextInteractionFlags(Qt::TextBrowserInteraction | Qt::TextSelectableByKeyboard);
    m_rows->setWordWrap(true);
    m_rows->setObjectName(QStringLiteral("detailRows"));
    m_copy->setText(tr("&Copy"));
    m_copy->setToolTip(tr("Copy these details as text"));
    m_copy->setObjectName(QStringLiteral("copyDetails"));
    m_zoom->setText(tr("Zoom &to it"));
    m_zoom->setToolTip(tr("Zoom to this span"));
    m_copy->setAutoRaise(true);
    m_zoom->setAutoRaise(true);
    auto* head = new QHBoxLayout;
    head->setSpacing(4);
    head->addWidget(m_title, 1);
    head->addWidget(m_zoom);
    head->addWidget(m_copy);
    auto* left = new QVBoxLayout;
    left->setSpacing(4);
    left->addLayout(head);
    left->addWidget(m_rows);
    left->addStretch(1);
    auto* right = new QVBoxLayout;
    right->addWidget(m_totals);
    right->addStretch(1);
    auto* content = new QWidget;
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(10, 6, 10, 6);
    row->setSpacing(24);
    row->addLayout(left, 3);
    row->addLayout(right, 2);
    return content;
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
        connect(m_state, &ViewState::recordingChanged, this, [this] {
            // What is said of a span doesn't change while a run goes on, and links are many.
            const bool isLive = m_state->recording() && m_state->recording()->isLive;
            if (!isLive || !m_state->selectedSpan()) {
                showSpan();
            }
        });
        connect(m_state, &ViewState::groupingChanged, this, &DetailsPanel::showSpan);
        connect(m_state, &ViewState::themeChanged, this, &DetailsPanel::showSpan);
        connect(m_state, &ViewState::recordingChanged, this, later);
        connect(m_state, &ViewState::selectedRangeChanged, this, later);
        connect(m_state, &ViewState::visibleChanged, this, later);
        connect(m_state, &ViewState::groupingChanged, this, later);
        connect(m_state, &ViewState::themeChanged, this, later);
    }
    showSpan();
    showRange();
}

// For a recording of millions of links the index takes a moment, so it is kept.
const analysis::LinkIndex& DetailsPanel::links() {
    if (!m_links || m_links->recording() != m_state->recording()) {
        m_links = std::make_unique<analysis::LinkIndex>(m_state->recording());
    }
    return *m_links;
}

void DetailsPanel::showSpan() {
    const bool hasSpan = m_state && m_state->recording() && m_state->selectedSpan();
    m_copy->setVisible(hasSpan);
    m_zoom->setVisible(hasSpan);
    if (hasSpan) {
        m_text = m_describe(links(), *m_state->selectedSpan(), m_state->grouping());
        m_title->setText(m_text.title);
        m_rows->setText(tableOf(m_text, m_state->theme().accent));
        m_rows->setForegroundRole(QPalette::WindowText);
        return;
    }
    m_text = {};
    m_title->setText(tr("Nothing is selected"));
    m_rows->setText(tr("Click a bar to read what it was, what it waited for and who had it. "
                       "Drag over rows to select a range of time."));
    m_rows->setForegroundRole(QPalette::PlaceholderText);
}

QString DetailsPanel::toText() const {
    QString text = m_text.title + QLatin1Char('\n');
    for (const DetailRow& row : m_text.rows) {
        text += row.label + QLatin1Char('\t') + row.value + QLatin1Char('\n');
    }
    return text;
}

void DetailsPanel::openLink(const QString& place) {
    const qsizetype row = place.toLongLong();
    if (m_state && row >= 0 && row < m_text.rows.size() && m_text.rows[row].target) {
        const SpanRef span = *m_text.rows[row].target; // the rows change with the selection
        m_state->setSelectedSpan(span);
        m_state->reveal(span);
    }
}

void DetailsPanel::zoomToSpan() {
    if (m_state && m_state->selectedSpan()) {
        m_state->zoomTo(m_state->selectedSpanValue()->range);
    }
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
    const recording::TrackKind kind = mainKindOf(recording, m_state->grouping());
    const QString whose = kind == recording::TrackKind::Task     ? tr("the tasks' time by state")
                          : kind == recording::TrackKind::Worker ? tr("the workers' time by state")
                                                                 : tr("the cores' time by state");
    m_totals->setTotals((isSelected ? tr("Selected range, %1: %2") : tr("Visible range, %1: %2"))
                            .arg(durationText(range.durationNs()), whose),
                        analysis::stateTotals(recording, kind, range));
}

} // namespace interleave::ui
