// SPDX-License-Identifier: GPL-3.0-or-later
// RangePanel: follows the range of one ViewState. Works only while it is looked at.
#include "ui/panels/range_panel.h"

#include "ui/panels/histogram_view.h"
#include "ui/panels/report_item_model.h"
#include "ui/panels/state_totals_view.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

namespace interleave::ui {

using analysis::ReportBy;

namespace {

constexpr int kDelayMs = 40;
constexpr int kTotalsWidthPx = 250;

QTableView* reportTable(QAbstractItemModel* model) {
    auto* table = new QTableView;
    table->setModel(model);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setTabKeyNavigation(false); // Tab leaves the table
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 6);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(ReportItemModel::Name, QHeaderView::Stretch);
    table->horizontalHeader()->setMinimumSectionSize(40);
    table->setSortingEnabled(true);
    table->sortByColumn(ReportItemModel::InRange, Qt::DescendingOrder);
    const int width = table->fontMetrics().horizontalAdvance(QStringLiteral("88.8 ms")) + 18;
    for (int column = 1; column < ReportItemModel::kColumns; ++column) {
        table->setColumnWidth(column, width);
    }
    table->setColumnWidth(ReportItemModel::Count,
                          table->fontMetrics().horizontalAdvance(QStringLiteral("88,888,888")) +
                              22);
    return table;
}

} // namespace

RangePanel::RangePanel(QWidget* parent)
    : QWidget(parent)
    , m_model(new ReportItemModel(this))
    , m_totals(new StateTotalsView)
    , m_by(new QComboBox)
    , m_table(reportTable(m_model))
    , m_histogram(new HistogramView) {
    setAccessibleName(tr("Range"));
    m_by->addItems({tr("By state"), tr("By task"), tr("By name")});
    m_by->setAccessibleName(tr("What the spans are counted by"));
    m_table->setAccessibleName(tr("Durations of the range's spans"));
    m_table->installEventFilter(this);
    auto* totals = new QScrollArea;
    totals->setWidget(m_totals);
    totals->setWidgetResizable(true);
    totals->setFrameShape(QFrame::NoFrame);
    totals->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* left = new QVBoxLayout;
    left->setSpacing(4);
    left->addWidget(totals, 1);
    left->addWidget(m_by, 0, Qt::AlignLeft);
    totals->setFixedWidth(kTotalsWidthPx);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 6, 6, 4);
    row->setSpacing(12);
    row->addLayout(left);
    row->addWidget(m_table, 5);
    row->addWidget(m_histogram, 2);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &RangePanel::refresh);
    connect(m_by, &QComboBox::currentIndexChanged, this, &RangePanel::refresh);
    connect(&m_reporter, &RangeReporter::answered, this, &RangePanel::showReport);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RangePanel::showHistogram);
}

void RangePanel::setViewState(ViewState* state) {
    if (m_state == state) {
        return;
    }
    if (m_state) {
        m_state->disconnect(this);
    }
    m_state = state;
    if (m_state) {
        const auto later = [this] {
            if (!m_timer.isActive()) {
                m_timer.start();
            }
        };
        connect(m_state, &ViewState::recordingChanged, this, later);
        connect(m_state, &ViewState::selectedRangeChanged, this, later);
        connect(m_state, &ViewState::selectedRangeChanged, this, [this] {
            if (m_state->selectedRange()) {
                Q_EMIT rangeSelected();
            }
        });
        connect(m_state, &ViewState::visibleChanged, this, later);
        connect(m_state, &ViewState::groupingChanged, this, later);
        connect(m_state, &ViewState::themeChanged, this, later);
    }
    refresh();
}

void RangePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

analysis::RangeQuestion RangePanel::question() const {
    analysis::RangeQuestion question;
    question.range = m_state->selectedRange()
                         ? *m_state->selectedRange()
                         : m_state->visible().intersected(m_state->recording()->range);
    question.kind = mainKindOf(*m_state->recording(), m_state->grouping());
    question.by = static_cast<ReportBy>(m_by->currentIndex());
    return question;
}

void RangePanel::showTotals() {
    const analysis::RangeQuestion asked = question();
    const bool isSelected = m_state->selectedRange().has_value();
    m_totals->setTheme(m_state->theme());
    m_totals->setTotals((isSelected ? tr("Selected range, %1") : tr("Visible range, %1"))
                            .arg(durationText(asked.range.durationNs())),
                        analysis::stateTotals(*m_state->recording(), asked.kind, asked.range));
}

void RangePanel::refresh() {
    if (!isVisible()) {
        return;
    }
    if (!m_state || !m_state->recording()) {
        m_totals->setTotals(QString(), {});
        m_askedRecording.reset();
        m_asked.reset();
        showReport(nullptr, nullptr);
        return;
    }
    m_model->setTheme(m_state->theme());
    m_histogram->setTheme(m_state->theme());
    showTotals();
    const analysis::RangeQuestion now = question();
    if (m_askedRecording != m_state->recording() || m_asked != now) {
        m_askedRecording = m_state->recording();
        m_asked = now;
        m_reporter.ask(m_askedRecording, now);
    }
}

void RangePanel::showReport(const RangeReporter::RecordingPtr& recording,
                            const RangeReporter::ReportPtr& report) {
    if (recording && (!m_state || m_state->recording() != recording)) {
        return; // another run is looked at by now
    }
    const QString chosen = m_model->nameAt(m_table->currentIndex().row());
    m_model->setReport(recording, report);
    for (int row = 0; row < std::min(m_model->rowCount(), 200); ++row) {
        if (m_model->nameAt(row) == chosen) {
            m_table->setCurrentIndex(m_model->index(row, 0));
        }
    }
    showHistogram();
}

void RangePanel::showHistogram() {
    const int row = std::max(0, m_table->currentIndex().row());
    const analysis::ReportLine* line = m_model->lineAt(row);
    if (line == nullptr) {
        m_histogram->setLine(QString(), {}, std::nullopt);
        return;
    }
    m_histogram->setLine(
        tr("%1: %2 by duration").arg(m_model->nameAt(row), spanCountText(line->count)), *line,
        m_model->stateAt(row));
}

QString RangePanel::toTsv() const {
    QStringList lines;
    for (int row = -1; row < m_model->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < m_model->columnCount(); ++column) {
            cells << (row < 0 ? m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole)
                              : m_model->index(row, column).data(Qt::DisplayRole))
                         .toString();
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

bool RangePanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_table && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(toTsv());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace interleave::ui
