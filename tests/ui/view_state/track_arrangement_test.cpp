// SPDX-License-Identifier: GPL-3.0-or-later
// What the reader does to the rows, drawn as text: "# " before a group.
#include "ui/view_state/track_arrangement.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"
#include "ui/view_state/track_menu.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

using recording::TrackKind;

std::string drawn(const recording::Recording& recording, const TrackArrangement& arrangement,
                  Grouping grouping = Grouping::Task) {
    std::string text;
    for (const TrackGroup& group : arrangedTracks(recording, grouping, arrangement).groups) {
        text += "# " + group.title.toStdString() + (group.isFolded ? " folded" : "") + ":";
        for (const TrackId id : group.tracks) {
            text += " " + recording.track(id).name;
        }
        text += "\n";
    }
    return text;
}

class TrackArrangementTest : public ::testing::Test {
protected:
    TrackKey task(std::uint32_t subject) const { return {TrackKind::Task, subject}; }
    void move(const char* group, std::uint32_t from, std::uint32_t to) {
        moveTrack(arrangement, *recording, Grouping::Task, QString::fromLatin1(group), task(from),
                  task(to));
    }

    std::shared_ptr<const recording::Recording> recording =
        support::sketch("a: RRd\nb: RRd\nc: RRd\nd: RRd\nlock GIL: abc.\nqueue jobs: 11.2\n");
    TrackArrangement arrangement;
};

TEST_F(TrackArrangementTest, LocksAndQueuesFollowWhatTheRowsAreAbout) {
    EXPECT_EQ(drawn(*recording, arrangement), "# Tasks: a b c d\n# Locks: GIL\n# Queues: jobs\n");
}

TEST_F(TrackArrangementTest, PinnedTracksComeFirstInTheOrderOfPinning) {
    arrangement.setPinned(task(3), true);
    arrangement.setPinned({TrackKind::Lock, 1}, true);
    arrangement.setPinned(task(1), true);
    EXPECT_EQ(drawn(*recording, arrangement), "# Pinned: c GIL a\n# Tasks: b d\n# Queues: jobs\n");
    moveTrack(arrangement, *recording, Grouping::Task, kPinnedGroup, task(1), task(3));
    EXPECT_EQ(drawn(*recording, arrangement), "# Pinned: a c GIL\n# Tasks: b d\n# Queues: jobs\n");
    arrangement.setPinned(task(1), false);
    EXPECT_EQ(drawn(*recording, arrangement), "# Pinned: c GIL\n# Tasks: a b d\n# Queues: jobs\n");
}

TEST_F(TrackArrangementTest, HiddenTracksAreCountedAndKeepTheirPlace) {
    arrangement.setHidden(task(2), true);
    move("task", 4, 1);
    const ArrangedTracks tracks = arrangedTracks(*recording, Grouping::Task, arrangement);
    EXPECT_EQ(tracks.hidden, 1u);
    EXPECT_EQ(tracks.shown, 5u);
    EXPECT_EQ(tracks.total, 6u);
    EXPECT_EQ(drawn(*recording, arrangement), "# Tasks: d a c\n# Locks: GIL\n# Queues: jobs\n");
    arrangement.setHidden(task(2), false);
    EXPECT_EQ(drawn(*recording, arrangement), "# Tasks: d a b c\n# Locks: GIL\n# Queues: jobs\n");
}

TEST_F(TrackArrangementTest, TheFilterLooksForEveryWordInTrackAndGroup) {
    arrangement.filter = QStringLiteral("GIL");
    EXPECT_EQ(drawn(*recording, arrangement), "# Locks: GIL\n");
    arrangement.filter = QStringLiteral("tasks b");
    EXPECT_EQ(drawn(*recording, arrangement), "# Tasks: b\n");
    const ArrangedTracks tracks = arrangedTracks(*recording, Grouping::Task, arrangement);
    EXPECT_EQ(tracks.filtered, 5u);
    EXPECT_EQ(tracks.groups.front().total, 4u);
    arrangement.filter = QStringLiteral("nothing like it");
    EXPECT_EQ(drawn(*recording, arrangement), "");
}

TEST_F(TrackArrangementTest, GroupsMoveAndFold) {
    moveGroup(arrangement, *recording, Grouping::Task, QStringLiteral("queue"),
              QStringLiteral("task"));
    arrangement.setFolded(QStringLiteral("task"), true);
    EXPECT_EQ(drawn(*recording, arrangement),
              "# Queues: jobs\n# Tasks folded: a b c d\n# Locks: GIL\n");
}

TEST_F(TrackArrangementTest, ShowingATrackChangesAsLittleAsItTakes) {
    arrangement.setHidden(task(1), true);
    arrangement.setHidden(task(2), true);
    arrangement.setFolded(QStringLiteral("task"), true);
    arrangement.filter = QStringLiteral("GIL");
    const TrackId track = *recording->trackOf(TrackKind::Task, 2);
    const TrackArrangement shown = showingTrack(arrangement, *recording, Grouping::Task, track);
    EXPECT_EQ(drawn(*recording, shown), "# Tasks: b c d\n# Locks: GIL\n# Queues: jobs\n");
}

TEST(TrackGroups, ThreadsOfAForeignTraceStandUnderTheirProcessMainThreadFirst) {
    recording::RecordingBuilder builder;
    const auto worker = [&](std::uint32_t pid, std::uint32_t tid, const char* name) {
        recording::WorkerInfo info;
        info.name = name;
        info.pid = pid;
        info.tid = tid;
        const WorkerId id = builder.addWorker(info);
        recording::Span span;
        span.range = {0, 10};
        span.worker = id;
        builder.addWorkerSpan(span);
    };
    worker(20, 31, "late");
    worker(20, 20, "main");
    worker(7, 9, "nine");
    worker(7, 8, "eight");
    builder.info().source = recording::Source::Imported;
    const auto recording = builder.finish();
    EXPECT_EQ(drawn(*recording, {}, Grouping::Worker),
              "# Process 7: eight nine\n# Process 20: main late\n");
    EXPECT_EQ(drawn(*recording, {}, Grouping::Task), drawn(*recording, {}, Grouping::Worker))
        << "a trace without tasks still has rows";
}

TEST(ViewStateTracks, UndoTakesBackOneChangeAndKeepsTheFilter) {
    ViewState state;
    state.setRecording(support::sketch("a: RRd\nb: RRd\n"));
    TrackArrangement tracks = state.tracks();
    tracks.setHidden({TrackKind::Task, 1}, true);
    state.setTracks(tracks);
    tracks.setPinned({TrackKind::Task, 2}, true);
    state.setTracks(tracks);
    tracks.filter = QStringLiteral("b");
    state.setTracks(tracks);
    state.undoTracks();
    EXPECT_TRUE(state.tracks().pinned.empty());
    EXPECT_EQ(state.tracks().hidden.size(), 1u);
    EXPECT_EQ(state.tracks().filter, "b");
    state.undoTracks();
    EXPECT_TRUE(state.tracks().hidden.empty());
    EXPECT_FALSE(state.canUndoTracks());
}

TEST(ViewStateTracks, AnotherRunOfTheSameWorkKeepsThePins) {
    ViewState state;
    state.setRecording(support::sketch("a: RRd\nb: RRd\n"));
    TrackArrangement tracks;
    tracks.setPinned({TrackKind::Task, 2}, true);
    state.setTracks(tracks);
    state.setRecording(support::sketch("a: RRRd\nb: RRd\n"));
    EXPECT_EQ(state.tracks(), tracks);
    state.setRecording(support::sketch("a: RRRd\nb: RRd\nc: RRd\n"));
    EXPECT_EQ(state.tracks(), TrackArrangement{}) << "other tracks, so nothing is known of them";
}

TEST(TrackMenu, MovesATrackWithinItsGroupOnly) {
    ViewState state;
    state.setRecording(support::sketch("a: RRd\nb: RRd\nc: RRd\nlock GIL: abc\n"));
    const TrackId c = *state.recording()->trackOf(TrackKind::Task, 3);
    EXPECT_FALSE(moveTrackBy(state, c, 1));
    EXPECT_TRUE(moveTrackBy(state, c, -1));
    EXPECT_EQ(drawn(*state.recording(), state.tracks()), "# Tasks: a c b\n# Locks: GIL\n");
}

} // namespace
} // namespace interleave::ui
