// SPDX-License-Identifier: GPL-3.0-or-later
// A long run is fed in pieces. What a snapshot shows must be what all events up to then would have
// made.
#include "engine/collector/live_recording.h"

#include "engine/collector/assemble.h"
#include "tests/engine/collector/session_text.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <tuple>

namespace interleave::collector {
namespace {

using record::EventKind;
using recording::Recording;
using recording::Span;
using recording::Track;
using recording::TrackKind;

constexpr Nanoseconds kTick = 1000;

/// A run of three workers that execute short tasks one after the other, with a lock, a semaphore
/// of two and a queue, while the kernel moves them about and takes their cores away.
class Kitchen {
public:
    explicit Kitchen(std::size_t tasks)
        : m_manifest(kitchen()) {
        m_manifest.tasks.clear();
        for (std::size_t i = 0; i < tasks; ++i) {
            m_manifest.tasks.push_back({"dish " + std::to_string(i), "dish"});
        }
        m_streams.resize(1 + kWorkers + 2);
        m_streams[0].info = {.role = record::StreamRole::Control, .name = "control"};
        for (std::uint32_t w = 0; w < kWorkers; ++w) {
            m_streams[1 + w].info = {.role = record::StreamRole::Worker,
                                     .name = "worker " + std::to_string(w)};
        }
        m_streams[1 + kWorkers].info = {.role = record::StreamRole::Kernel, .name = "kernel"};
        m_streams[2 + kWorkers].info = {.role = record::StreamRole::Sampler, .name = "sampler"};
        for (std::uint32_t i = 0; i < m_streams.size(); ++i) {
            m_streams[i].pid = 7;
            m_streams[i].tid = 10 + i;
        }
        play();
    }

    const Manifest& manifest() const { return m_manifest; }
    const std::vector<StreamEvents>& streams() const { return m_streams; }
    Nanoseconds endNs() const { return m_now; }

private:
    static constexpr std::uint32_t kWorkers = 3;

    struct Worker {
        std::uint32_t task = 0;
        int step = 0;
        bool isOnCore = false;
        std::uint32_t core = 0;
        bool holdsStove = false;
        bool holdsPermit = false;
    };

    void emit(std::uint32_t stream, EventKind kind, std::uint32_t a, std::uint32_t b) {
        m_streams[stream].events.push_back({m_now, a, b, kind});
    }
    void state(std::uint32_t w, State next, std::uint32_t object = 0) {
        emit(1 + w, record::kindOf(next), m_workers[w].task,
             record::StateDetail{.object = ObjectId{object}, .step = StepId{1}}.pack());
    }
    void play();
    void work(std::uint32_t w);
    void moveCores();

    Manifest m_manifest;
    std::vector<StreamEvents> m_streams;
    std::array<Worker, kWorkers> m_workers;
    std::uint32_t m_next = 1;
    std::uint32_t m_item = 0;
    std::uint32_t m_stoveHolder = 0; // worker + 1
    bool m_isHandedOver = false;
    std::vector<std::uint32_t> m_items;
    Nanoseconds m_now = 50 * kTick;
    std::mt19937 m_random{17};
};

void Kitchen::moveCores() {
    const std::uint32_t kernel = 1 + kWorkers;
    const std::uint32_t w = static_cast<std::uint32_t>(m_random() % kWorkers);
    Worker& worker = m_workers[w];
    if (worker.isOnCore) {
        emit(kernel, EventKind::SwitchedOut, 11 + w,
             worker.core | (m_random() % 2 == 0 ? record::kPreempted : 0));
        worker.isOnCore = false;
        return;
    }
    const std::uint32_t core = static_cast<std::uint32_t>(m_random() % 2);
    const bool isTaken = std::ranges::any_of(
        m_workers, [core](const Worker& other) { return other.isOnCore && other.core == core; });
    if (!isTaken) {
        emit(kernel, EventKind::SwitchedIn, 11 + w, core);
        worker.isOnCore = true;
        worker.core = core;
    }
}

void Kitchen::work(std::uint32_t w) {
    Worker& worker = m_workers[w];
    const std::uint32_t stream = 1 + w;
    switch (worker.step) {
    case 0:
        if (m_next > m_manifest.tasks.size()) {
            return;
        }
        worker.task = m_next++;
        state(w, State::Running);
        worker.step = 1;
        return;
    case 1:
        if (m_stoveHolder != 0) {
            state(w, State::WaitingLock, 1);
            worker.step = 2;
            return;
        }
        [[fallthrough]];
    case 2:
        if (m_stoveHolder != 0) {
            return;
        }
        emit(stream, EventKind::LockAcquired, worker.task,
             1U | static_cast<std::uint32_t>(worker.step == 2 && m_isHandedOver) << 16);
        m_stoveHolder = w + 1;
        state(w, State::Running);
        worker.step = 3;
        return;
    case 3:
        emit(stream, EventKind::LockReleased, worker.task, 1);
        m_stoveHolder = 0;
        m_isHandedOver = true;
        worker.step = 4;
        return;
    case 4:
        if (m_random() % 2 == 0) {
            emit(stream, EventKind::QueuePut, ++m_item, 4);
            m_items.push_back(m_item);
        } else if (!m_items.empty()) {
            emit(stream, EventKind::QueueGot, m_items.front(), 4);
            m_items.erase(m_items.begin());
        }
        state(w, State::WaitingIo);
        worker.step = 5;
        return;
    default:
        emit(stream, EventKind::Woken, worker.task, m_workers[(w + 1) % kWorkers].task);
        ++m_now;
        state(w, State::Running);
        ++m_now;
        state(w, State::Done);
        worker = {0, 0, worker.isOnCore, worker.core, false, false};
    }
}

void Kitchen::play() {
    for (std::uint32_t i = 0; i < m_streams.size(); ++i) {
        emit(i, EventKind::ThreadStarted, m_streams[i].tid, 0);
    }
    Nanoseconds nextSubmit = m_now;
    Nanoseconds nextSample = m_now + 400 * kTick;
    std::uint32_t submitted = 0;
    while (m_next <= m_manifest.tasks.size()) {
        m_now += 1 + static_cast<Nanoseconds>(m_random() % (2 * kTick));
        for (; submitted < m_manifest.tasks.size() && m_now >= nextSubmit; ++submitted) {
            emit(0, EventKind::Spawned, submitted + 1, 0);
            ++m_now;
            emit(0, record::kindOf(State::Queued), submitted + 1, 0);
            nextSubmit += 2 * kTick;
        }
        if (m_now >= nextSample) {
            const std::uint32_t sampler = 2 + kWorkers;
            for (std::uint32_t core = 0; core < 2; ++core) {
                emit(sampler, EventKind::OtherLoad, core,
                     static_cast<std::uint32_t>(m_random() % 400));
            }
            emit(sampler, EventKind::MemoryRss, 7, static_cast<std::uint32_t>(m_random() % 90000));
            emit(sampler, EventKind::Level, 1, static_cast<std::uint32_t>(m_random() % 5));
            nextSample += 400 * kTick;
        }
        const auto w = static_cast<std::uint32_t>(m_random() % kWorkers);
        // A task is begun only after it was submitted.
        if (m_random() % 3 == 0 || (m_workers[w].step == 0 && m_next > submitted)) {
            moveCores();
        } else {
            work(w);
        }
    }
}

std::vector<StreamEvents> upTo(const Kitchen& run, Nanoseconds from, Nanoseconds until) {
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
    const Kitchen run(30'000);
    LiveRecording live(run.manifest());
    const SessionFacts facts{.isLive = true};
    Nanoseconds fed = 0;
    int settled = 0;
    while (fed < run.endNs()) {
        const Nanoseconds until = fed + 23'456 * kTick;
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
    const Kitchen run(30'000);
    LiveRecording live(run.manifest());
    std::size_t most = 0;
    Nanoseconds fed = 0;
    std::size_t all = 0;
    for (const StreamEvents& stream : run.streams()) {
        all += stream.events.size();
    }
    while (fed < run.endNs()) {
        const auto news = upTo(run, fed, fed + 10'000 * kTick);
        for (std::uint32_t i = 0; i < news.size(); ++i) {
            live.add({0, i}, news[i]);
        }
        fed += 10'000 * kTick;
        live.snapshot({.isLive = true});
        most = std::max(most, live.openEvents());
    }
    EXPECT_LT(most, all / 2);
}

} // namespace
} // namespace interleave::collector
