// SPDX-License-Identifier: GPL-3.0-or-later
// RunsPanel: the runs made and opened. Click shows one, Ctrl+click stacks it with the one shown;
// buttons run the shown one again, under any model, or record its program once more.
#pragma once

#include "ui/session/run_list.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <vector>

class QLabel;
class QListView;
class QToolButton;

namespace interleave::ui {

class RunDelegate;

class RunsPanel : public QWidget {
    Q_OBJECT

public:
    explicit RunsPanel(RunListItemModel& runs, QWidget* parent = nullptr);

    /// Which runs are on display, from the top.
    void setShown(const std::vector<RunId>& shown);
    /// What can be done again.
    enum class Again { Nothing, Scenario, Program };
    void setAgain(Again what);
    /// Whether these buttons do something now.
    void setAgainEnabled(bool isEnabled);
    void setTheme(const Theme& theme);

    /// High enough for the buttons however they wrap.
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void showRequested(interleave::ui::RunId id);
    void stackRequested(interleave::ui::RunId id);
    void removeRequested(interleave::ui::RunId id);
    void againRequested(const QString& model);
    void recordAgainRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void activate(const QModelIndex& index, Qt::KeyboardModifiers modifiers);
    void showMenu(const QPoint& position);
    void updateEmptyText();

    RunListItemModel& m_runs;
    QListView* m_list;
    RunDelegate* m_delegate;
    QLabel* m_empty;
    QLabel* m_againTitle;
    QWidget* m_again;
    QToolButton* m_recordAgain;
    std::vector<RunId> m_shown;
};

} // namespace interleave::ui
