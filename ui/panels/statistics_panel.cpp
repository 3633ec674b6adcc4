// SPDX-License-Identifier: GPL-3.0-or-later
// StatisticsPanel: statisticsLines() in a table.
#include "ui/panels/statistics_panel.h"

#include "ui/panels/statistics_table.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>

namespace interleave::ui {

namespace {

constexpr int kRebuildEveryMs = 500;

QString quoted(QString text) {
    return text.contains(',') || text.contains('"')
               ? QLatin1Char('"') + text.replace('"', QLatin1String("\"\"")) + QLatin1Char('"')
               : text;
}

} // namespace

StatisticsPanel::StatisticsPanel(QWidget* parent)
    : QTableWidget(parent) {
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setAccessibleName(tr("Statistics"));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
    setTabKeyNavigation(false); // Tab leaves the table
    m_timer.setSingleShot(true);
    m_timer.setInterval(kRebuildEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &StatisticsPanel::rebuild);
}

void StatisticsPanel::setRecordings(std::vector<RecordingPtr> recordings) {
    m_recordings = std::move(recordings);
    const bool isLive =
        !m_recordings.empty() && m_recordings.front() && m_recordings.front()->isLive;
    if (!isLive) {
        m_timer.stop();
        rebuild();
    } else if (!m_timer.isActive()) {
        m_timer.start();
    }
}

void StatisticsPanel::showEvent(QShowEvent* event) {
    QTableWidget::showEvent(event);
    rebuild();
}

void StatisticsPanel::rebuild() {
    if (!isVisible() || m_built == m_recordings) {
        return;
    }
    m_built = m_recordings;
    std::vector<analysis::Statistics> statistics;
    QStringList headers{QString()};
    for (const RecordingPtr& recording : m_recordings) {
        if (recording) {
            statistics.push_back(analysis::statisticsOf(*recording));
            headers << QString::fromStdString(recording->info.model);
        }
    }
    const auto lines = statisticsLines(statistics);
    setColumnCount(static_cast<int>(headers.size()));
    setHorizontalHeaderLabels(headers);
    setRowCount(static_cast<int>(lines.size()));
    clearSpans();
    int row = 0;
    for (const StatisticsLine& line : lines) {
        auto* name = new QTableWidgetItem(line.name);
        name->setToolTip(line.help);
        if (line.isHeading) {
            QFont bold = font();
            bold.setBold(true);
            name->setFont(bold);
            setSpan(row, 0, 1, columnCount());
        }
        setItem(row, 0, name);
        for (int column = 1; column < columnCount(); ++column) {
            setItem(row, column, new QTableWidgetItem(line.values.value(column - 1)));
        }
        ++row;
    }
    resizeColumnsToContents();
    setColumnWidth(0, std::max(columnWidth(0), 200));
    horizontalHeader()->setStretchLastSection(true);
}

QString StatisticsPanel::toCsv() const {
    QStringList lines;
    for (int row = 0; row < rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < columnCount(); ++column) {
            const QTableWidgetItem* cell = item(row, column);
            cells << quoted(cell ? cell->text() : QString());
        }
        lines << cells.join(',');
    }
    return lines.join('\n') + '\n';
}

void StatisticsPanel::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(toCsv());
        return;
    }
    QTableWidget::keyPressEvent(event);
}

} // namespace interleave::ui
