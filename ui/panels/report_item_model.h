// SPDX-License-Identifier: GPL-3.0-or-later
// ReportItemModel: a range report as rows: all spans first, then a row for each state, task or
// name. Sorts by any column.
#pragma once

#include "ui/panels/range_reporter.h"
#include "ui/theme/theme.h"

#include <QAbstractTableModel>

namespace interleave::ui {

class ReportItemModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, InRange, Count, Mean, P50, P95, P99, Maximum, kColumns };

    using QAbstractTableModel::QAbstractTableModel;

    void setReport(RangeReporter::RecordingPtr recording, RangeReporter::ReportPtr report);
    void setTheme(const Theme& theme);
    /// The line of a row; row 0 is all of them.
    const analysis::ReportLine* lineAt(int row) const;
    std::optional<State> stateAt(int row) const;
    QString nameAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    void applyOrder();
    bool isBefore(const analysis::ReportLine& a, const analysis::ReportLine& b) const;

    RangeReporter::RecordingPtr m_recording;
    RangeReporter::ReportPtr m_report;
    std::vector<std::size_t> m_order; // of the report's lines
    Theme m_theme = themeOf(ThemeKind::Light);
    int m_sortColumn = InRange;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace interleave::ui
