// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/report_item_model.h"

#include "ui/panels/legend_panel.h"
#include "ui/theme/hatch.h"
#include "ui/theme/text.h"

#include <QFont>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <numeric>

namespace interleave::ui {

using analysis::ReportBy;
using analysis::ReportLine;

namespace {

QPixmap swatchOf(State state, const Theme& theme) {
    QPixmap pixmap(22, 12);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawStateSwatch(painter, QRectF(0.5, 0.5, 21, 11), state, theme);
    return pixmap;
}

Nanoseconds valueOf(const ReportLine& line, int column) {
    switch (column) {
    case ReportItemModel::InRange:
        return line.inRangeNs;
    case ReportItemModel::Count:
        return static_cast<Nanoseconds>(line.count);
    case ReportItemModel::Mean:
        return line.meanNs;
    case ReportItemModel::P50:
        return line.p50Ns;
    case ReportItemModel::P95:
        return line.p95Ns;
    case ReportItemModel::P99:
        return line.p99Ns;
    case ReportItemModel::Maximum:
        return line.maximumNs;
    default:
        return 0;
    }
}

QString nameOfLine(const recording::Recording& recording, ReportBy by, const ReportLine& line) {
    switch (by) {
    case ReportBy::State:
        return labelOf(static_cast<State>(line.key));
    case ReportBy::Task:
        return line.key == 0 ? ReportItemModel::tr("(no task)")
                             : QString::fromStdString(recording.task(TaskId{line.key}).name);
    case ReportBy::Name: {
        const std::string_view text = recording.strings.text(StringId{line.key});
        return text.empty() ? ReportItemModel::tr("(no name)")
                            : QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    }
    }
    return {};
}

} // namespace

void ReportItemModel::setReport(RangeReporter::RecordingPtr recording,
                                RangeReporter::ReportPtr report) {
    beginResetModel();
    m_recording = std::move(recording);
    m_report = std::move(report);
    applyOrder();
    endResetModel();
}

void ReportItemModel::setTheme(const Theme& theme) {
    m_theme = theme;
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0), {Qt::DecorationRole});
    }
}

bool ReportItemModel::isBefore(const ReportLine& a, const ReportLine& b) const {
    if (m_sortColumn != Name) {
        return valueOf(a, m_sortColumn) < valueOf(b, m_sortColumn);
    }
    const ReportBy by = m_report->question.by;
    return by == ReportBy::State ? a.key < b.key
                                 : QString::localeAwareCompare(nameOfLine(*m_recording, by, a),
                                                               nameOfLine(*m_recording, by, b)) < 0;
}

void ReportItemModel::applyOrder() {
    m_order.resize(m_report ? m_report->lines.size() : 0);
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    std::ranges::stable_sort(m_order, [this](std::size_t a, std::size_t b) {
        const auto& lines = m_report->lines;
        return m_sortOrder == Qt::AscendingOrder ? isBefore(lines[a], lines[b])
                                                 : isBefore(lines[b], lines[a]);
    });
}

void ReportItemModel::sort(int column, Qt::SortOrder order) {
    m_sortColumn = column;
    m_sortOrder = order;
    beginResetModel();
    applyOrder();
    endResetModel();
}

const ReportLine* ReportItemModel::lineAt(int row) const {
    if (!m_report || row < 0 || row >= rowCount()) {
        return nullptr;
    }
    return row == 0 ? &m_report->all : &m_report->lines[m_order[static_cast<std::size_t>(row) - 1]];
}

std::optional<State> ReportItemModel::stateAt(int row) const {
    const ReportLine* line = lineAt(row);
    return row > 0 && line != nullptr && m_report->question.by == ReportBy::State
               ? std::optional(static_cast<State>(line->key))
               : std::nullopt;
}

QString ReportItemModel::nameAt(int row) const {
    const ReportLine* line = lineAt(row);
    if (line == nullptr) {
        return {};
    }
    return row == 0 ? tr("All spans") : nameOfLine(*m_recording, m_report->question.by, *line);
}

int ReportItemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_report ? 0 : static_cast<int>(m_order.size()) + 1;
}

int ReportItemModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(kColumns);
}

QVariant ReportItemModel::data(const QModelIndex& index, int role) const {
    const ReportLine* line = lineAt(index.row());
    if (line == nullptr) {
        return {};
    }
    const int column = index.column();
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter |
                                (column == Name ? Qt::AlignLeft : Qt::AlignRight));
    }
    if (role == Qt::FontRole && index.row() == 0) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    if (role == Qt::DecorationRole && column == Name) {
        const auto state = stateAt(index.row());
        return state ? QVariant(swatchOf(*state, m_theme)) : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case Name:
        return nameAt(index.row());
    case Count:
        return countText(line->count);
    default:
        return durationText(valueOf(*line, column));
    }
}

QVariant ReportItemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    static const std::array<const char*, kColumns> names{
        QT_TR_NOOP("Spans"),  QT_TR_NOOP("In range"), QT_TR_NOOP("Count"), QT_TR_NOOP("Mean"),
        QT_TR_NOOP("Median"), QT_TR_NOOP("p95"),      QT_TR_NOOP("p99"),   QT_TR_NOOP("Longest")};
    static const std::array<const char*, kColumns> help{
        QT_TR_NOOP("What the spans have in common"),
        QT_TR_NOOP("How much of them lies within the range"),
        QT_TR_NOOP("Spans that lie in the range or reach into it"),
        QT_TR_NOOP("Of the whole durations of these spans"),
        QT_TR_NOOP("Half of the spans are no longer"),
        QT_TR_NOOP("95 in 100 spans are no longer"),
        QT_TR_NOOP("99 in 100 spans are no longer"),
        QT_TR_NOOP("The longest span")};
    const auto place = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) {
        return tr(names[place]);
    }
    if (role == Qt::ToolTipRole) {
        return tr(help[place]);
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter |
                                (section == Name ? Qt::AlignLeft : Qt::AlignRight));
    }
    return {};
}

} // namespace interleave::ui
