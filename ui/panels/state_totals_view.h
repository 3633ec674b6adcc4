// SPDX-License-Identifier: GPL-3.0-or-later
// StateTotalsView: how the time of a range divides among the states: a bar and its numbers.
#pragma once

#include "ui/theme/theme.h"

// After a header of Qt: the moc of Qt 6.4 stumbles over <compare> when it comes first.
#include "engine/analysis/statistics.h"

#include <QWidget>

namespace interleave::ui {

class StateTotalsView : public QWidget {
    Q_OBJECT

public:
    explicit StateTotalsView(QWidget* parent = nullptr);

    void setTotals(const QString& title, const analysis::StateTotals& totals);
    void setTheme(const Theme& theme);
    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    /// One line for each state that occurs: "running 1.20 s (34 %)".
    QStringList lines() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<State> occurring() const;

    QString m_title;
    analysis::StateTotals m_totals;
    Theme m_theme;
};

} // namespace interleave::ui
