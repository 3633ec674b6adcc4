// SPDX-License-Identifier: GPL-3.0-or-later
// FaultMenu: a button for what shall go wrong in a run that goes on. It says what is wanted in the
// words of the command line; whoever knows the run tells it.
#pragma once

#include <QPushButton>

class QMenu;

namespace interleave::ui {

class FaultMenu : public QPushButton {
    Q_OBJECT

public:
    explicit FaultMenu(QWidget* parent = nullptr);
    /// How many workers and consumers can be named.
    void setWorkers(int workers);

Q_SIGNALS:
    /// "kill-worker:2", "stop-broker+1s": as the run's control pipe takes it.
    void faultRequested(const QString& line);

private:
    void fill();
    void add(QMenu* menu, const QString& text, const QString& line);

    QMenu* m_menu;
    int m_workers = 1;
};

} // namespace interleave::ui
