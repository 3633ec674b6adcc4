// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/run_queue.h"

#include "tests/support/patience.h"
#include "tests/ui/session/fake_program.h"

#include <QFileInfo>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

RunSetup under(const QString& model) {
    RunSetup setup;
    setup.scenario = QStringLiteral("mixed");
    setup.model = model;
    return setup;
}

TEST(RunQueue, MakesRunsOneAfterAnotherInOrder) {
    // The script fails if another instance of it is under way.
    FakeProgram program(QStringLiteral("mkdir $FOLDER/busy || exit 2\n"
                                       "echo $OUT >> $FOLDER/log\n"
                                       "cp $RECORDING $OUT; rmdir $FOLDER/busy"));
    RunListItemModel list;
    RunQueue queue(program.path(), list);
    std::vector<std::uint32_t> ended;
    QObject::connect(&queue, &RunQueue::runEnded, &queue,
                     [&](RunId id) { ended.push_back(id.value); });
    const RunId first = queue.enqueue(under(QStringLiteral("threads")));
    const RunId second = queue.enqueue(under(QStringLiteral("processes")));
    EXPECT_EQ(list.find(second)->state, RunState::Waiting);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !queue.isBusy(); }, kPatienceMs));
    EXPECT_EQ(ended, (std::vector{first.value, second.value}));
    EXPECT_EQ(list.find(first)->state, RunState::Done);
    EXPECT_EQ(list.find(second)->state, RunState::Done);
    EXPECT_NE(list.find(second)->recording, nullptr);
}

TEST(RunQueue, GoesOnAfterARunThatFailed) {
    FakeProgram program(
        QStringLiteral("if [ -e $FOLDER/failed ]; then cp $RECORDING $OUT; exit 0; fi\n"
                       "touch $FOLDER/failed; echo 'no room' >&2; exit 2"));
    RunListItemModel list;
    RunQueue queue(program.path(), list);
    const RunId first = queue.enqueue(under(QStringLiteral("threads")));
    const RunId second = queue.enqueue(under(QStringLiteral("threads")));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !queue.isBusy(); }, kPatienceMs));
    EXPECT_EQ(list.find(first)->state, RunState::Failed);
    EXPECT_EQ(list.find(first)->message, QStringLiteral("no room"));
    EXPECT_EQ(list.find(second)->state, RunState::Done);
}

TEST(RunQueue, StopAllDropsTheRunsThatWait) {
    FakeProgram program(QStringLiteral("touch $FOLDER/ready; exec sleep 600"));
    RunListItemModel list;
    RunQueue queue(program.path(), list);
    const RunId first = queue.enqueue(under(QStringLiteral("threads")));
    const RunId second = queue.enqueue(under(QStringLiteral("threads")));
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return QFileInfo::exists(program.filePath(QStringLiteral("ready"))); }, kPatienceMs));
    queue.stopAll();
    ASSERT_TRUE(QTest::qWaitFor([&] { return !queue.isBusy(); }, kPatienceMs));
    EXPECT_EQ(list.find(first)->state, RunState::Stopped);
    EXPECT_EQ(list.find(second), nullptr);
}

} // namespace
} // namespace interleave::ui
