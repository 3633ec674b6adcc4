// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/run_list.h"

#include "tests/support/recording_sketch.h"

#include <QSignalSpy>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

RunEntry entryWith(const std::string& model, double makespanSeconds) {
    auto recording = std::make_shared<recording::Recording>(*support::sketch("a: RRRR\n"));
    recording->info.scenario = "Mixed";
    recording->info.model = model;
    recording->info.source = recording::Source::Measured;
    recording->info.workers = 4;
    recording->info.makespanSeconds = makespanSeconds;
    RunEntry entry;
    entry.state = RunState::Done;
    entry.setup = setupOf(*recording);
    entry.recording = recording;
    return entry;
}

TEST(RunList, IdsStayWhenRowsChange) {
    RunListItemModel list;
    const RunId first = list.add(entryWith("threads", 1));
    const RunId second = list.add(entryWith("processes", 2));
    list.remove(first);
    EXPECT_EQ(list.find(first), nullptr);
    EXPECT_EQ(list.idAt(0), second);
    EXPECT_EQ(list.indexOf(second).row(), 0);
    EXPECT_TRUE(list.idAt(1).isNone());
}

TEST(RunList, SaysModelMakespanAndThatItWasMeasured) {
    RunListItemModel list;
    list.add(entryWith("gil-threads", 0.93));
    const QModelIndex row = list.index(0);
    EXPECT_EQ(row.data(RunListItemModel::ModelRole).toString(), QStringLiteral("gil-threads"));
    EXPECT_EQ(row.data(RunListItemModel::MakespanRole).toLongLong(), 930'000'000);
    EXPECT_EQ(row.data(RunListItemModel::SourceRole).toString(), QStringLiteral("measured"));
    EXPECT_TRUE(row.data(Qt::AccessibleTextRole).toString().contains("gil-threads"));
}

TEST(RunList, DrawsBarsRelativeToTheLongestOfTheSameScenario) {
    RunListItemModel list;
    list.add(entryWith("threads", 1));
    list.add(entryWith("sequential", 4));
    EXPECT_DOUBLE_EQ(list.index(0).data(RunListItemModel::ShareRole).toDouble(), 0.25);
    EXPECT_DOUBLE_EQ(list.index(1).data(RunListItemModel::ShareRole).toDouble(), 1.0);
}

TEST(RunList, ARunWithoutARecordingHasNoMakespan) {
    RunListItemModel list;
    RunEntry entry;
    entry.state = RunState::Running;
    list.add(entry);
    EXPECT_FALSE(list.index(0).data(RunListItemModel::MakespanRole).isValid());
    EXPECT_TRUE(list.isBusy());
}

TEST(RunList, TellsWhichRecordingChanged) {
    RunListItemModel list;
    const RunId id = list.add(entryWith("threads", 1));
    RunId told;
    QObject::connect(&list, &RunListItemModel::recordingChanged, &list,
                     [&](RunId changed) { told = changed; });
    QSignalSpy rows(&list, &QAbstractItemModel::dataChanged);
    list.setRecording(id, entryWith("threads", 2).recording);
    EXPECT_EQ(told, id);
    EXPECT_EQ(rows.count(), 1);
    EXPECT_EQ(makespanOf(*list.find(id)), 2'000'000'000);
}

TEST(RunList, AnOpenedRecordingCanBeSetUpAgain) {
    const RunSetup setup = entryWith("threads", 1).setup;
    EXPECT_EQ(setup.model, QStringLiteral("threads"));
    EXPECT_EQ(setup.scenarioName, QStringLiteral("Mixed"));
    EXPECT_EQ(setup.workers, 4);
}

} // namespace
} // namespace interleave::ui
