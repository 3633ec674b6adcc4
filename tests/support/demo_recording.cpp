// SPDX-License-Identifier: GPL-3.0-or-later
// Made by playing a tiny kitchen in ticks of 100 us: each tick every worker is in one state; equal
// neighbouring ticks become one span.
#include "tests/support/demo_recording.h"

#include "engine/recording/recording_builder.h"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

namespace interleave::support {

using recording::LinkKind;
using recording::RecordingBuilder;
using recording::Span;
using recording::TrackKind;

namespace {

constexpr Nanoseconds kTickNs = 100'000;
constexpr int kWorkers = 4;
constexpr int kCores = 2;
constexpr int kSwitchTicks = 50; // the GIL's switch interval
constexpr int kReadyTicks = 20;  // a pre-empted thread gets its core back after that

struct Phase {
    State state; // Running: needs a core
    int ticks;
    const char* name;
    bool needsGil = false;
    bool needsLock = false;
};

const std::vector<Phase>& phasesOf(int task) {
    static const std::vector<Phase> kCook{{State::Transfer, 3, "arguments"},
                                          {State::Running, 60, "chop", true},
                                          {State::WaitingIo, 80, "bake"},
                                          {State::Running, 20, "fry", false, true},
                                          {State::Running, 10, "plate", true}};
    static const std::vector<Phase> kWait{{State::Running, 10, "order", true},
                                          {State::Sleeping, 30, "rest"},
                                          {State::Suspended, 20, "await"},
                                          {State::Blocked, 10, "put"},
                                          {State::Running, 25, "serve"}};
    return task % 3 == 2 ? kWait : kCook;
}

struct Cook {
    int task = -1; // index, -1: idle
    std::size_t phase = 0;
    int ticksLeft = 0;
    int core = -1;
    int offUntil = 0; // pre-empted until this tick
};

class Kitchen {
public:
    std::shared_ptr<const recording::Recording> play() {
        declare();
        for (m_tick = 0; m_done < kTasks && m_tick < 4000; ++m_tick) {
            tick();
        }
        finishLanes();
        addCounters();
        m_builder.info().makespanSeconds = toSeconds(now());
        return m_builder.finish();
    }

private:
    static constexpr int kTasks = 10;
    static constexpr ObjectId kGil{1};
    static constexpr ObjectId kStove{2};

    /// Grows a span while what it says stays the same.
    struct Lane {
        TrackKind kind;
        ObjectId object;
        std::optional<Span> open;
    };

    Nanoseconds now() const { return m_tick * kTickNs; }
    static TaskId taskId(int index) { return TaskId{static_cast<std::uint32_t>(index + 1)}; }
    static WorkerId workerId(int index) { return WorkerId{static_cast<std::uint32_t>(index + 1)}; }

    void declare() {
        auto& info = m_builder.info();
        info = {.scenario = "Demo kitchen",
                .about = "Made up for tests of drawing.",
                .model = "gil-threads",
                .source = recording::Source::Simulated,
                .workers = kWorkers,
                .cores = kCores,
                .seed = 1,
                .parameters = {{"switch_interval", "5 ms"}},
                .startedAt = "2026-01-01T12:00:00Z",
                .machine = "demo",
                .kernelTruth = "switches"};
        for (int i = 0; i < kTasks; ++i) {
            m_builder.addTask({fmt::format("dish {}", i + 1), i % 3 == 2 ? "drink" : "dish"});
            m_lanes.push_back({TrackKind::Task, {}, {}});
        }
        for (int i = 0; i < kWorkers; ++i) {
            const auto pid = static_cast<std::uint32_t>(i < 2 ? 100 : 101);
            m_builder.addWorker({.name = fmt::format("worker {}", i + 1),
                                 .pid = pid,
                                 .tid = 200 + static_cast<std::uint32_t>(i)});
            m_lanes.push_back({TrackKind::Worker, {}, {}});
        }
        for (int i = 0; i < kCores; ++i) {
            m_builder.addCore(static_cast<std::uint32_t>(i));
            m_lanes.push_back({TrackKind::Core, {}, {}});
        }
        m_builder.addObject({"GIL", "gil", 1});
        m_builder.addObject({"stove", "lock", 1});
        m_queue = m_builder.addObject({"orders", "queue", 4});
        m_lanes.push_back({TrackKind::Lock, kGil, {}});
        m_lanes.push_back({TrackKind::Lock, kStove, {}});
    }

    Lane& taskLane(int task) { return m_lanes[static_cast<std::size_t>(task)]; }
    Lane& workerLane(int worker) { return m_lanes[static_cast<std::size_t>(kTasks + worker)]; }
    Lane& coreLane(int core) { return m_lanes[static_cast<std::size_t>(kTasks + kWorkers + core)]; }
    Lane& lockLane(ObjectId lock) { return m_lanes[kTasks + kWorkers + kCores + lock.value - 1]; }

    void tick() {
        for (int w = 0; w < kWorkers; ++w) {
            m_state[static_cast<std::size_t>(w)] = {};
            if (cook(w).task < 0) {
                take(w);
            }
        }
        shareGil();
        for (int i = 0; i < kWorkers; ++i) {
            decide((i + m_tick / kReadyTicks) % kWorkers);
        }
        for (int task = 0; task < kTasks; ++task) {
            drawUnstarted(task);
        }
        drawOtherPrograms();
        for (int w = 0; w < kWorkers; ++w) {
            advance(w);
        }
    }

    Cook& cook(int worker) { return m_cooks[static_cast<std::size_t>(worker)]; }
    const Phase& phase(int worker) { return phasesOf(cook(worker).task)[cook(worker).phase]; }

    void take(int w) {
        if (m_next >= kTasks || m_tick < w * 4 || m_tick < m_next * 2) {
            return;
        }
        const int task = m_next++;
        cook(w) = {task, 0, phasesOf(task)[0].ticks, -1, 0};
        m_builder.addLink({LinkKind::Submit,
                           {m_builder.task(taskId(task)).submittedNs, {}, {}},
                           {now(), taskId(task), workerId(w)},
                           {},
                           false});
        m_builder.addLink({LinkKind::Deliver,
                           {task * 2 * kTickNs, taskId(task), {}},
                           {now(), taskId(task), workerId(w)},
                           m_queue,
                           false});
        if (now() > task * 2 * kTickNs) {
            m_builder.addObjectSpan(m_queue, {.range = {task * 2 * kTickNs, now()},
                                              .state = State::Queued,
                                              .task = taskId(task),
                                              .depth = static_cast<std::uint16_t>(task % 4)});
        }
    }

    bool wantsGil(int w) { return cook(w).task >= 0 && phase(w).needsGil; }

    /// The GIL goes round: at the switch interval to the next who wants it.
    void shareGil() {
        const bool isHeld = m_gil >= 0 && wantsGil(m_gil);
        if (isHeld && m_tick - m_gilSince < kSwitchTicks) {
            return;
        }
        const int previous = m_gil;
        for (int i = 1; i <= kWorkers; ++i) {
            const int w = (std::max(previous, 0) + i) % kWorkers;
            if (wantsGil(w)) {
                handGilTo(w, isHeld && w != previous);
                return;
            }
        }
        m_gil = -1;
    }

    void handGilTo(int w, bool isForced) {
        if (m_gil >= 0 && m_gil != w && cook(m_gil).task >= 0) {
            m_builder.addLink({LinkKind::Handoff,
                               {now() - kTickNs / 4, taskId(cook(m_gil).task), workerId(m_gil)},
                               {now(), taskId(cook(w).task), workerId(w)},
                               kGil,
                               isForced});
        }
        m_gilCause = m_builder.intern(isForced ? "forced" : m_gil >= 0 ? "handoff" : "free");
        m_gil = w;
        m_gilSince = m_tick;
    }

    void decide(int w) {
        Cook& who = cook(w);
        if (who.task < 0) {
            return;
        }
        const Phase& now = phase(w);
        State state = now.state;
        StringId cause;
        if (now.needsGil && m_gil != w) {
            state = State::WaitingGil;
            cause = m_builder.intern(
                fmt::format("GIL held by dish {}", m_gil < 0 ? 0 : cook(m_gil).task + 1));
        } else if (now.needsLock && m_stove >= 0 && m_stove != w) {
            state = State::WaitingLock;
            cause = m_builder.intern(fmt::format("stove held by dish {}", cook(m_stove).task + 1));
        }
        if (now.needsLock && state == State::Running) {
            m_stove = w;
        }
        const int core = state == State::Running ? freeCore() : -1;
        if (state == State::Running && core < 0) {
            state = State::Ready;
        }
        draw(w, state, cause, core);
    }

    int freeCore() {
        for (int core = 0; core < kCores; ++core) {
            if (!m_isBusy[static_cast<std::size_t>(core)] && !isForeign(core)) {
                m_isBusy[static_cast<std::size_t>(core)] = true;
                return core;
            }
        }
        return -1;
    }

    bool isForeign(int core) const { return core == 1 && m_tick % 120 >= 100; }

    void draw(int w, State state, StringId cause, int core) {
        const Phase& what = phase(w);
        Span span{.state = state,
                  .task = taskId(cook(w).task),
                  .worker = workerId(w),
                  .core = static_cast<std::int16_t>(core),
                  .name = m_builder.intern(what.name),
                  .cause = cause,
                  .isPreempted = state == State::Ready};
        extend(taskLane(cook(w).task), span);
        extend(workerLane(w), span);
        m_state[static_cast<std::size_t>(w)] = state;
        if (core >= 0) {
            span.cause = {};
            extend(coreLane(core), span);
        }
        const Span hold{.state = State::Held, .task = span.task, .worker = span.worker};
        if (what.needsGil && m_gil == w) {
            Span gil = hold;
            gil.cause = m_gilCause;
            extend(lockLane(kGil), gil);
        }
        if (what.needsLock && m_stove == w) {
            Span stove = hold;
            stove.cause = m_builder.intern("free");
            extend(lockLane(kStove), stove);
        }
    }

    void drawUnstarted(int task) {
        if (task < m_next || m_tick < task * 2) {
            return;
        }
        if (m_tick == task * 2) {
            m_builder.task(taskId(task)).submittedNs = now();
        }
        const bool isNext = task == m_next && m_tick % 40 < 20;
        Span span{.state = isNext ? State::Reserved : State::Queued, .task = taskId(task)};
        if (m_tick < 8 && task == m_next) {
            span.state = State::Starting;
        } else if (task == 9 && m_tick > 150 && m_tick < 200) {
            span.state = State::Retrying;
        }
        extend(taskLane(task), span);
    }

    void drawOtherPrograms() {
        for (int core = 0; core < kCores; ++core) {
            if (isForeign(core)) {
                extend(coreLane(core), {.state = State::Other,
                                        .core = static_cast<std::int16_t>(core),
                                        .name = m_builder.intern("80 %")});
            }
        }
        m_isBusy = {};
    }

    void advance(int w) {
        Cook& who = cook(w);
        if (who.task < 0) {
            return;
        }
        const Phase& what = phase(w);
        if (m_state[static_cast<std::size_t>(w)] != what.state || --who.ticksLeft > 0) {
            return;
        }
        if (what.needsLock) {
            m_stove = -1;
        }
        if (what.state == State::Running && w + 1 < kWorkers) {
            m_builder.addSwitch({now() + kTickNs, workerId(w), 0, who.phase % 2 == 0});
        }
        const auto& phases = phasesOf(who.task);
        if (++who.phase < phases.size()) {
            who.ticksLeft = phases[who.phase].ticks;
            return;
        }
        recording::TaskInfo& task = m_builder.task(taskId(who.task));
        task.end = who.task == 6 ? State::Failed : who.task == 8 ? State::Cancelled : State::Done;
        task.endNs = now() + kTickNs;
        if (who.task + 1 < kTasks && who.task % 2 == 0) {
            m_builder.addLink({LinkKind::Wake,
                               {task.endNs, taskId(who.task), workerId(w)},
                               {task.endNs + kTickNs, taskId(who.task + 1), {}},
                               {},
                               false});
        }
        who = {};
        ++m_done;
    }

    void extend(Lane& lane, const Span& span) {
        if (lane.open && isContinued(*lane.open, span)) {
            lane.open->range.endNs = now() + kTickNs;
            return;
        }
        close(lane);
        lane.open = span;
        lane.open->range = {now(), now() + kTickNs};
    }

    bool isContinued(const Span& open, const Span& next) const {
        return open.range.endNs == now() && open.state == next.state && open.task == next.task &&
               open.worker == next.worker && open.core == next.core && open.name == next.name &&
               open.cause == next.cause;
    }

    void close(Lane& lane) {
        if (!lane.open) {
            return;
        }
        switch (lane.kind) {
        case TrackKind::Task:
            m_builder.addTaskSpan(*lane.open);
            break;
        case TrackKind::Worker:
            m_builder.addWorkerSpan(*lane.open);
            break;
        case TrackKind::Core:
            m_builder.addCoreSpan(*lane.open);
            break;
        default:
            m_builder.addObjectSpan(lane.object, *lane.open);
        }
        lane.open.reset();
    }

    void finishLanes() {
        for (Lane& lane : m_lanes) {
            close(lane);
        }
        for (int w = 0; w < kWorkers; ++w) {
            recording::WorkerInfo& worker = m_builder.worker(workerId(w));
            worker.life = {0, now()};
            worker.voluntarySwitches = 10 + static_cast<std::uint32_t>(w);
            worker.involuntarySwitches = 3;
            worker.migrations = 2;
        }
    }

    void addCounters() {
        for (std::uint32_t pid = 100; pid < 103; ++pid) {
            recording::Counter rss{"rss", "bytes", pid, {}, {}};
            for (Nanoseconds t = 0; t <= now(); t += 50 * kTickNs) {
                rss.time.push_back(t);
                rss.value.push_back(1e6 * (20 + (pid - 100) * 15 + static_cast<double>(t) * 2e-7));
            }
            const auto peak = static_cast<std::uint64_t>(rss.value.back());
            m_builder.addProcess(
                {pid, pid == 100 ? "runner" : fmt::format("worker {}", pid), peak});
            m_builder.addCounter(std::move(rss));
        }
        recording::Counter queue{"ready queue", "tasks", 0, {}, {}};
        recording::Counter load{"other load", "ratio", 1, {}, {}};
        for (Nanoseconds t = 0; t <= now(); t += 20 * kTickNs) {
            queue.time.push_back(t);
            queue.value.push_back(static_cast<double>(t / (20 * kTickNs) % 5));
            load.time.push_back(t);
            load.value.push_back(t / kTickNs % 120 >= 100 ? 0.8 : 0.0);
        }
        m_builder.addCounter(std::move(queue));
        m_builder.addCounter(std::move(load));
        m_builder.addDiagnostic(
            {"demo", recording::Severity::Info, 1, "This recording was made up for tests."});
    }

    RecordingBuilder m_builder;
    std::vector<Lane> m_lanes; // tasks, workers, cores, locks
    std::array<Cook, kWorkers> m_cooks{};
    std::array<std::optional<State>, kWorkers> m_state{};
    std::array<bool, kCores> m_isBusy{};
    ObjectId m_queue;
    StringId m_gilCause;
    int m_tick = 0;
    int m_next = 0;
    int m_done = 0;
    int m_gil = -1;
    int m_gilSince = 0;
    int m_stove = -1;
};

} // namespace

std::shared_ptr<const recording::Recording> demoRecording() {
    return Kitchen().play();
}

} // namespace interleave::support
