// SPDX-License-Identifier: GPL-3.0-or-later
// FindingsItemModel: findings for an item view, worst first: how bad, by icon and word, and what
// was found.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractTableModel>

#include "engine/findings/finding.h"

#include <vector>

namespace interleave::ui {

/// "Problem", "Warning", "Info".
QString wordOf(findings::Severity severity);

class FindingsItemModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Severity, Message, kColumns };

    using QAbstractTableModel::QAbstractTableModel;

    void setFindings(std::vector<findings::Finding> findings);
    void setTheme(const Theme& theme);
    const std::vector<findings::Finding>& findings() const { return m_findings; }
    /// Null if there is no such row.
    const findings::Finding* at(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    std::vector<findings::Finding> m_findings;
    Theme m_theme = themeOf(ThemeKind::Light);
};

} // namespace interleave::ui
