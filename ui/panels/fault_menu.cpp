// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/fault_menu.h"

#include <QMenu>

#include <algorithm>
#include <array>
#include <utility>

namespace interleave::ui {

namespace {

constexpr int kMostNamedWorkers = 16; // a longer menu is no choice

} // namespace

FaultMenu::FaultMenu(QWidget* parent)
    : QPushButton(tr("Faults"), parent)
    , m_menu(new QMenu(this)) {
    setObjectName(QStringLiteral("faults"));
    setToolTip(tr("Let something go wrong in this run, and see what becomes of its messages"));
    setMenu(m_menu);
    m_menu->setToolTipsVisible(true);
    fill();
}

void FaultMenu::setWorkers(int workers) {
    if (std::exchange(m_workers, workers) != workers) {
        fill();
    }
}

void FaultMenu::add(QMenu* menu, const QString& text, const QString& line) {
    QAction* action = menu->addAction(text);
    action->setData(line);
    action->setToolTip(line);
    connect(action, &QAction::triggered, this, [this, line] { Q_EMIT faultRequested(line); });
}

void FaultMenu::fill() {
    m_menu->clear();
    const int named = std::min(m_workers, kMostNamedWorkers);
    QMenu* kill = m_menu->addMenu(tr("&Kill a worker"));
    add(kill, tr("&One that is at work"), QStringLiteral("kill-worker"));
    kill->addSeparator();
    for (int i = 1; i <= named; ++i) {
        add(kill, tr("Worker %1").arg(i), QStringLiteral("kill-worker:%1").arg(i));
    }
    QMenu* stop = m_menu->addMenu(tr("&Stop the broker for"));
    for (const auto& [text, length] : {std::pair(tr("200 ms"), "200ms"), std::pair(tr("1 s"), "1s"),
                                       std::pair(tr("5 s"), "5s")}) {
        add(stop, text, QStringLiteral("stop-broker+%1").arg(QLatin1String(length)));
    }
    QMenu* slow = m_menu->addMenu(tr("S&low a consumer"));
    for (int i = 1; i <= named; ++i) {
        add(slow, tr("Consumer %1, by 50 ms a message").arg(i),
            QStringLiteral("slow-consumer:%1+50ms").arg(i));
    }
    QMenu* cut = m_menu->addMenu(tr("&Cut the connection of"));
    add(cut, tr("&One that is at work"), QStringLiteral("cut-connection"));
    cut->addSeparator();
    for (int i = 1; i <= named; ++i) {
        add(cut, tr("Consumer %1").arg(i), QStringLiteral("cut-connection:%1").arg(i));
    }
}

} // namespace interleave::ui
