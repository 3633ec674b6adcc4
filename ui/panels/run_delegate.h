// SPDX-License-Identifier: GPL-3.0-or-later
// RunDelegate: a run in the list: model and makespan on one line, scenario and facts on the next,
// and a bar as long as its makespan is relative to the slowest of the same scenario.
#pragma once

#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

#include <set>

namespace interleave::ui {

class RunDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit RunDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setTheme(const Theme& theme) { m_theme = theme; }
    /// Values of IdRole of the runs on display, in their order from the top.
    void setShown(std::vector<std::uint32_t> ids) { m_shown = std::move(ids); }

private:
    Theme m_theme;
    std::vector<std::uint32_t> m_shown;
};

} // namespace interleave::ui
