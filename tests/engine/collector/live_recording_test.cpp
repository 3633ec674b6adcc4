// SPDX-License-Identifier: GPL-3.0-or-later
// A long run is fed in pieces. What a snapshot shows must be what all events up to then would have
// made.
#include "engine/collector/live_recording.h"

#include "engine/collector/assemble.h"
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

std::vector<StreamEvents> upTo(const support::KitchenRun& run, Nanoseconds from,
                               Nanoseconds until) {
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
    EXPECT_EQ(live.range, whole.range);
    EXPECT_DOUBLE_EQ(live.info.makespanSeconds, whole.info.makespanSeconds);
}

TEST(LiveRecording, ASnapshotShowsWhatAllEventsWouldHaveMade) {
    const support::KitchenRun run(30'000);
    LiveRecording live(run.manifest());
    const SessionFacts facts{.isLive = true};
    Nanoseconds fed = 0;
    int settled = 0;
    while (fed < run.endNs()) {
        const Nanoseconds until = fed + 23'456 * kStepNs;
        const auto news = upTo(run, fed, until);
        for (std::uint32_t i = 0; i < news.size(); ++i) {
            live.add({0, i}, news[i]);
        }
        const std::size_t open = live.openEvents();
        const auto shown = live.snapshot(facts);
        ASSERT_NE(shown, nullptr);
        settled += live.openEvents() < open ? 1 : 0;
        expectSame(*shown, *assemble(run.manifest(), upTo(run, -1, until), facts));
        if (testing::Test::HasFailure()) {
            FAIL() << "in the snapshot at " << until;
        }
        fed = until;
    }
    EXPECT_GT(settled, 3) << "nothing of the run was ever settled";
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
