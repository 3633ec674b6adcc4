// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/newest_task.h"

#include "tests/support/patience.h"

#include <QTest>
#include <QThread>
#include <atomic>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(NewestTask, WorksBesideTheUiAndEndsInIt) {
    NewestTask task;
    QThread* worked = nullptr;
    QThread* ended = nullptr;
    task.start([&](const std::stop_token&) -> NewestTask::Then {
        worked = QThread::currentThread();
        return [&] { ended = QThread::currentThread(); };
    });
    EXPECT_TRUE(task.isBusy());
    ASSERT_TRUE(QTest::qWaitFor([&] { return !task.isBusy(); }, kPatienceMs));
    EXPECT_EQ(ended, QThread::currentThread());
    EXPECT_NE(worked, ended);
}

TEST(NewestTask, ANewTaskStopsTheOneBeforeAndOnlyItsResultCounts) {
    NewestTask task;
    std::atomic<bool> hasBegun = false;
    std::vector<int> ended;
    task.start([&](const std::stop_token& stop) -> NewestTask::Then {
        hasBegun = true;
        while (!stop.stop_requested()) {
            std::this_thread::yield();
        }
        return [&] { ended.push_back(1); };
    });
    ASSERT_TRUE(QTest::qWaitFor([&] { return hasBegun.load(); }, kPatienceMs));
    task.start(
        [&](const std::stop_token&) -> NewestTask::Then { return [&] { ended.push_back(2); }; });
    ASSERT_TRUE(QTest::qWaitFor([&] { return !task.isBusy(); }, kPatienceMs));
    EXPECT_EQ(ended, std::vector<int>{2});
}

TEST(NewestTask, ACancelledTaskEndsInNothing) {
    NewestTask task;
    bool hasEnded = false;
    task.start(
        [&](const std::stop_token&) -> NewestTask::Then { return [&] { hasEnded = true; }; });
    task.cancel();
    EXPECT_FALSE(task.isBusy());
    bool isNextDone = false;
    task.start(
        [&](const std::stop_token&) -> NewestTask::Then { return [&] { isNextDone = true; }; });
    ASSERT_TRUE(QTest::qWaitFor([&] { return isNextDone; }, kPatienceMs));
    EXPECT_FALSE(hasEnded);
}

} // namespace
} // namespace interleave::ui
