// SPDX-License-Identifier: GPL-3.0-or-later
// A long run is fed in pieces. What a snapshot shows must be what all events up to then would have
// made.
#include "engine/collector/live_recording.h"

#include "engine/collector/assemble.h"
#include "engine/collector/message_tracks.h"
#include "tests/engine/collector/message_run.h"
#include "tests/support/kitchen_run.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

namespace interleave::collector {
namespace {

using recording::Recording;
using recording::Span;
using recording::Track;
using support::kStepNs;

template <class Run>
std::vector<StreamEvents> upTo(const Run& run, Nanoseconds from, Nanoseconds until) {
    std::vector<StreamEvents> streams = run.streams();
    for (StreamEvents& stream : streams) {
        std::erase_if(stream.events,
                      [&](const TimedEvent& e) { return e.ns <= from || e.ns > until; });
    }
    return streams;
}

std::vector<std::tuple<Nanoseconds, Nanoseconds, std::string>> spansOf(const Recording& recording,
                                                                       const Track& track) {
    std::vector<std::tuple<Nanoseconds, Nanoseconds, std::string>> spans;
    for (std::size_t i = 0; i < track.spans.size(); ++i) {
        const Span span = track.spans.at(i);
        spans.emplace_back(span.range.beginNs, span.range.endNs,
                           std::string(nameOf(span.state)) + "/" + std::to_string(span.task.value) +
                               "/" + std::to_string(span.worker.value) + "/" +
                               std::to_string(span.core) + "/" +
                               std::string(recording.strings.text(span.name)) + "/" +
                               std::string(recording.strings.text(span.cause)) +
                               (span.isPreempted ? "/preempted" : ""));
    }
    std::ranges::sort(spans);
    return spans;
}

void expectSame(const Recording& live, const Recording& whole) {
    ASSERT_EQ(live.tracks.size(), whole.tracks.size());
    for (std::size_t i = 0; i < live.tracks.size(); ++i) {
        ASSERT_EQ(live.tracks[i].kind, whole.tracks[i].kind);
        ASSERT_EQ(live.tracks[i].subject, whole.tracks[i].subject);
        ASSERT_EQ(live.tracks[i].name, whole.tracks[i].name);
        ASSERT_EQ(spansOf(live, live.tracks[i]), spansOf(whole, whole.tracks[i]))
            << nameOf(live.tracks[i].kind) << ' ' << live.tracks[i].name;
    }
    const auto keyOf = [](const recording::Link& link) {
        return std::tuple(link.from.timeNs, link.to.timeNs, static_cast<int>(link.kind),
                          link.from.task.value, link.to.task.value, link.to.worker.value);
    };
    std::vector<decltype(keyOf(recording::Link{}))> liveLinks;
    std::vector<decltype(keyOf(recording::Link{}))> wholeLinks;
    std::ranges::transform(live.links, std::back_inserter(liveLinks), keyOf);
    std::ranges::transform(whole.links, std::back_inserter(wholeLinks), keyOf);
    EXPECT_TRUE(std::ranges::is_sorted(
        live.links, {}, [](const recording::Link& link) { return link.from.timeNs; }));
    std::ranges::sort(liveLinks);
    std::ranges::sort(wholeLinks);
    std::vector<decltype(keyOf(recording::Link{}))> differing;
    std::ranges::set_symmetric_difference(liveLinks, wholeLinks, std::back_inserter(differing));
    EXPECT_EQ(differing, decltype(differing){});
    EXPECT_EQ(live.switches.size(), whole.switches.size());
    for (std::size_t i = 0; i < live.workers.size(); ++i) {
        EXPECT_EQ(live.workers[i].name, whole.workers[i].name);
        EXPECT_EQ(live.workers[i].life, whole.workers[i].life);
        if (!live.workers[i].isControl) {
            EXPECT_EQ(live.workers[i].voluntarySwitches, whole.workers[i].voluntarySwitches);
            EXPECT_EQ(live.workers[i].involuntarySwitches, whole.workers[i].involuntarySwitches);
            EXPECT_EQ(live.workers[i].migrations, whole.workers[i].migrations);
        }
    }
    for (std::size_t i = 0; i < live.tasks.size(); ++i) {
        EXPECT_EQ(live.tasks[i].end, whole.tasks[i].end) << i;
        EXPECT_EQ(live.tasks[i].submittedNs, whole.tasks[i].submittedNs) << i;
        EXPECT_EQ(live.tasks[i].endNs, whole.tasks[i].endNs) << i;
    }
    ASSERT_EQ(live.counters.size(), whole.counters.size());
    for (std::size_t i = 0; i < live.counters.size(); ++i) {
        EXPECT_EQ(live.counters[i].name, whole.counters[i].name);
        EXPECT_EQ(live.counters[i].time, whole.counters[i].time) << live.counters[i].name;
        EXPECT_EQ(live.counters[i].value, whole.counters[i].value) << live.counters[i].name;
    }
    const auto stepOf = [](const recording::MessageEvent& event) {
        return std::tuple(event.timeNs, event.message, static_cast<int>(event.step),
                          event.isRedelivered, event.object.value, event.task.value,
                          event.worker.value);
    };
    std::vector<decltype(stepOf({}))> liveSteps;
    std::vector<decltype(stepOf({}))> wholeSteps;
    std::ranges::transform(live.messages, std::back_inserter(liveSteps), stepOf);
    std::ranges::transform(whole.messages, std::back_inserter(wholeSteps), stepOf);
    std::ranges::sort(liveSteps); // of several at once the order is anybody's
    std::ranges::sort(wholeSteps);
    ASSERT_EQ(liveSteps, wholeSteps);
    ASSERT_EQ(live.consumers.size(), whole.consumers.size());
    for (std::size_t i = 0; i < live.consumers.size(); ++i) {
        EXPECT_EQ(live.consumers[i].worker, whole.consumers[i].worker);
        EXPECT_EQ(live.consumers[i].life, whole.consumers[i].life);
    }
    EXPECT_EQ(live.bindings.size(), whole.bindings.size());
    EXPECT_EQ(live.range, whole.range);
    EXPECT_DOUBLE_EQ(live.info.makespanSeconds, whole.info.makespanSeconds);
}

/// Feeds a run in pieces; how often something of it was settled.
template <class Run>
int expectSameAllAlong(const Run& run) {
    LiveRecording live(run.manifest());
    const SessionFacts facts{.isLive = true};
    Nanoseconds fed = 0;
    int settled = 0;
    while (fed < run.endNs() && !testing::Test::HasFailure()) {
        const Nanoseconds until = fed + 23'456 * kStepNs;
        const auto news = upTo(run, fed, until);
        for (std::uint32_t i = 0; i < news.size(); ++i) {
            live.add({0, i}, news[i]);
        }
        const std::size_t open = live.openEvents();
        const auto shown = live.snapshot(facts);
        EXPECT_NE(shown, nullptr);
        settled += live.openEvents() < open ? 1 : 0;
        expectSame(*shown, *assemble(run.manifest(), upTo(run, -1, until), facts));
        EXPECT_FALSE(testing::Test::HasFailure()) << "in the snapshot at " << until;
        fed = until;
    }
    return settled;
}

TEST(LiveRecording, ASnapshotShowsWhatAllEventsWouldHaveMade) {
    EXPECT_GT(expectSameAllAlong(support::KitchenRun(30'000)), 3)
        << "nothing of the run was ever settled";
}

TEST(LiveRecording, ASnapshotShowsMessagesAsAllEventsWouldHaveMadeThem) {
    const MessageRun run(12'000);
    EXPECT_GE(expectSameAllAlong(run), 3) << "nothing of the run was ever settled";
    // What the story is to have in it.
    const auto whole = assemble(run.manifest(), run.streams(), {});
    const auto countOf = [&](recording::MessageStep step) {
        return std::ranges::count(whole->messages, step, &recording::MessageEvent::step);
    };
    EXPECT_GT(countOf(recording::MessageStep::Requeued), 100);
    EXPECT_GT(countOf(recording::MessageStep::DeadLettered), 100);
    EXPECT_GT(whole->track(*whole->trackOf(recording::TrackKind::Queue, 1)).spans.lanes().size(),
              std::size_t{kMessageLevels});
    for (const recording::Diagnostic& diagnostic : whole->diagnostics) {
        EXPECT_TRUE(diagnostic.kind == "killed-workers" || diagnostic.kind == "unfinished-tasks" ||
                    diagnostic.kind == "unfollowed-workers")
            << diagnostic.message;
    }
}

TEST(LiveRecording, ForgetsTheEventsOfWhatIsSettled) {
    const support::KitchenRun run(30'000);
    LiveRecording live(run.manifest());
    std::size_t most = 0;
    Nanoseconds fed = 0;
    std::size_t all = 0;
    for (const StreamEvents& stream : run.streams()) {
        all += stream.events.size();
    }
    while (fed < run.endNs()) {
        const auto news = upTo(run, fed, fed + 10'000 * kStepNs);
        for (std::uint32_t i = 0; i < news.size(); ++i) {
            live.add({0, i}, news[i]);
        }
        fed += 10'000 * kStepNs;
        live.snapshot({.isLive = true});
        most = std::max(most, live.openEvents());
    }
    EXPECT_LT(most, all / 2);
}

} // namespace
} // namespace interleave::collector
