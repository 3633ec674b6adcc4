// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/span_window_item_model.h"

#include "ui/panels/legend_panel.h"
#include "ui/theme/text.h"

#include <QLocale>

namespace interleave::ui {

namespace {

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

} // namespace

void SpanWindowItemModel::setRows(SpanRows rows) {
    beginResetModel();
    m_rows = std::move(rows);
    m_first = 0;
    m_count = 0;
    endResetModel();
}

// While the number of rows stays, scrolling only changes what they say.
void SpanWindowItemModel::setWindow(std::uint64_t first, int count) {
    if (count == m_count) {
        if (first != m_first) {
            m_first = first;
            Q_EMIT dataChanged(index(0, 0), index(count - 1, kColumns - 1));
            Q_EMIT headerDataChanged(Qt::Vertical, 0, count - 1);
        }
        return;
    }
    beginResetModel();
    m_first = first;
    m_count = count;
    endResetModel();
}

int SpanWindowItemModel::widthInDigits(int column) {
    static constexpr std::array<int, kColumns> widths{22, 18, 15, 24, 21, 13, 30};
    return widths[static_cast<std::size_t>(column)];
}

int SpanWindowItemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_count;
}

int SpanWindowItemModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(kColumns);
}

QString SpanWindowItemModel::textOf(std::uint64_t row, int column) const {
    const recording::Recording& recording = *m_rows.recording();
    const SpanRef ref = m_rows.at(row);
    const recording::Track& track = recording.track(ref.track);
    const recording::SpanColumns& spans = track.spans;
    switch (column) {
    case Track:
        return text(track.name);
    case Task: {
        const TaskId task = spans.task[ref.index];
        return task ? text(recording.task(task).name) : QString();
    }
    case State:
        return labelOf(spans.state[ref.index]);
    case Name:
        return text(recording.strings.text(spans.name[ref.index]));
    case Begin:
        return instantText(spans.begin[ref.index]);
    case Duration:
        return durationText(spans.duration[ref.index]) +
               (spans.isUnfinished(ref.index) ? tr(" +") : QString());
    case Cause:
        return text(recording.strings.text(spans.cause[ref.index]));
    default:
        return {};
    }
}

QVariant SpanWindowItemModel::data(const QModelIndex& index, int role) const {
    const std::uint64_t row = m_first + static_cast<std::uint64_t>(index.row());
    if (!index.isValid() || row >= m_rows.size()) {
        return {};
    }
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return textOf(row, index.column());
    }
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = index.column() == Begin || index.column() == Duration;
        return static_cast<int>(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    return {};
}

QVariant SpanWindowItemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role == Qt::TextAlignmentRole && orientation == Qt::Horizontal) {
        const bool isNumber = section == Begin || section == Duration;
        return static_cast<int>(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    if (orientation == Qt::Vertical) {
        return QLocale().toString(static_cast<qulonglong>(m_first) +
                                  static_cast<qulonglong>(section) + 1);
    }
    static const std::array<const char*, kColumns> names{
        QT_TR_NOOP("Track"), QT_TR_NOOP("Task"),     QT_TR_NOOP("State"), QT_TR_NOOP("Name"),
        QT_TR_NOOP("Begin"), QT_TR_NOOP("Duration"), QT_TR_NOOP("Cause")};
    return tr(names[static_cast<std::size_t>(section)]);
}

} // namespace interleave::ui
