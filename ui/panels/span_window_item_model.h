// SPDX-License-Identifier: GPL-3.0-or-later
// SpanWindowItemModel: the few rows of SpanRows that are in sight.
#pragma once

#include "ui/panels/span_rows.h"

#include <QAbstractTableModel>

namespace interleave::ui {

class SpanWindowItemModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Track, Task, State, Name, Begin, Duration, Cause, kColumns };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(SpanRows rows);
    const SpanRows& rows() const { return m_rows; }
    void setWindow(std::uint64_t first, int count);
    static int widthInDigits(int column);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textOf(std::uint64_t row, int column) const;

    SpanRows m_rows;
    std::uint64_t m_first = 0;
    int m_count = 0;
};

} // namespace interleave::ui
