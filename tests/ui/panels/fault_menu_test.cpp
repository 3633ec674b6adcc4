// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/fault_menu.h"

#include "engine/models/faults/fault_schedule.h"

#include <QMenu>
#include <QSignalSpy>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

void collect(const QMenu& menu, QList<QAction*>& actions) {
    for (QAction* action : menu.actions()) {
        if (action->menu() != nullptr) {
            collect(*action->menu(), actions);
        } else if (!action->isSeparator()) {
            actions << action;
        }
    }
}

TEST(FaultMenu, SaysEachFaultSoThatARunUnderstandsIt) {
    FaultMenu menu;
    menu.setWorkers(3);
    QSignalSpy asked(&menu, &FaultMenu::faultRequested);
    QList<QAction*> actions;
    collect(*menu.menu(), actions);
    ASSERT_EQ(actions.size(), 4 + 3 + 3 + 4);
    for (QAction* action : actions) {
        action->trigger();
        const std::string line = asked.back().front().toString().toStdString();
        const auto fault = models::parseFaultCommand(line);
        EXPECT_TRUE(fault) << line << ": " << (fault ? "" : fault.error().message);
    }
    EXPECT_EQ(asked.count(), actions.size());
}

TEST(FaultMenu, NamesNoMoreWorkersThanOneCanChooseFrom) {
    FaultMenu menu;
    menu.setWorkers(500);
    QList<QAction*> actions;
    collect(*menu.menu(), actions);
    EXPECT_LT(actions.size(), 60);
}

} // namespace
} // namespace interleave::ui
