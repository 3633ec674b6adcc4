// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/storage/random_recording.h"

#include "engine/recording/recording_builder.h"

#include <bit>
#include <fmt/format.h>
#include <random>

namespace interleave::storage {

namespace {

using namespace recording;

class Maker {
public:
    Maker(unsigned seed, std::size_t spans)
        : m_random(seed)
        , m_spans(spans) {}

    std::shared_ptr<const Recording> make() {
        addInfo();
        addTables();
        for (std::size_t i = 0; i < m_spans; ++i) {
            addSpan();
        }
        addEvents();
        m_builder.setDetails(m_details);
        return m_builder.finish();
    }

private:
    std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }
    TaskId someTask() { return TaskId{static_cast<std::uint32_t>(below(kTasks + 1))}; }
    WorkerId someWorker() { return WorkerId{static_cast<std::uint32_t>(below(kWorkers + 1))}; }
    Nanoseconds someTime() { return static_cast<Nanoseconds>(below(1'000'000'000'000)); }
    StringId someText() {
        return m_builder.intern(below(3) == 0 ? "" : fmt::format("text {}", below(40)));
    }
    std::uint64_t someDetail() {
        if (below(4) != 0) {
            return 0;
        }
        const std::uint64_t key = below(2) == 0 ? m_random() | m_random() << 32U : below(500) + 1;
        m_details->texts[key] =
            fmt::format(R"({{"key":{},"fill":"{}"}})", key, std::string(below(300), 'f'));
        return key;
    }

    void addInfo() {
        m_builder.info() = {.scenario = "Ten \"dishes\", ümlaut",
                            .about = "about\nit",
                            .model = "threads",
                            .source = static_cast<Source>(below(3)),
                            .workers = 4,
                            .cores = 2,
                            .seed = m_random(),
                            .parameters = {{"pool", "fixed"}, {"", "empty"}},
                            .startedAt = "2026-01-02T03:04:05Z",
                            .machine = "a machine",
                            .kernelTruth = "switches",
                            .makespanSeconds = 0.1 + static_cast<double>(below(1000))};
    }
    void addTables() {
        for (std::uint32_t i = 0; i < kTasks; ++i) {
            // Those without spans have odd names: a diagnostic that quotes one is made UTF-8.
            m_builder.addTask({.name = i > kTasks / 2 ? std::string("na\0me\xff", 6)
                                                      : fmt::format("a dish with a name {}", i),
                               .group = i % 3 == 0 ? "" : "dish",
                               .end = static_cast<State>(below(kStateCount)),
                               .submittedNs = someTime(),
                               .endNs = someTime()});
        }
        for (std::uint32_t i = 0; i < kWorkers; ++i) {
            WorkerInfo worker{.name = fmt::format("worker {}", i + 1),
                              .pid = static_cast<std::uint32_t>(m_random()),
                              .tid = static_cast<std::uint32_t>(m_random()),
                              .life = {-5, someTime()},
                              .voluntarySwitches = static_cast<std::uint32_t>(m_random()),
                              .involuntarySwitches = static_cast<std::uint32_t>(below(9)),
                              .migrations = 4'000'000'000,
                              .isControl = i + 1 == kWorkers};
            if (i % 2 == 0) {
                worker.cpuTimeNs = someTime();
            }
            m_builder.addWorker(worker);
        }
        m_builder.addObject({"stove", "lock", 1});
        m_builder.addObject({"oven", "queue", 12});
        m_builder.addObject({"door", "barrier", 3});
        m_builder.addObject({"orders", "message-queue", 0});
        m_builder.addObject({"shop", "topic-exchange", 0});
        m_builder.addCore(1);
        m_builder.addProcess({10, "interleave", std::uint64_t{1} << 40});
        m_builder.addDiagnostic({"kernel-truth", Severity::Info, 1, "exact"});
    }
    void addSpan() {
        const Nanoseconds begin = someTime() - 1000;
        Span span{.range = {begin, begin + 1 + static_cast<Nanoseconds>(below(1'000'000))},
                  .state = static_cast<State>(below(kStateCount)),
                  .task = someTask(),
                  .worker = someWorker(),
                  .core = static_cast<std::int16_t>(below(8)),
                  .name = someText(),
                  .cause = someText(),
                  .depth = static_cast<std::uint16_t>(below(3)),
                  .isPreempted = below(5) == 0,
                  .isUnfinished = below(7) == 0,
                  .detail = someDetail()};
        switch (below(4)) {
        case 0:
            span.task = TaskId{static_cast<std::uint32_t>(1 + below(kTasks / 2))};
            m_builder.addTaskSpan(span);
            break;
        case 1:
            span.worker = WorkerId{static_cast<std::uint32_t>(1 + below(kWorkers - 1))};
            m_builder.addWorkerSpan(span);
            break;
        case 2:
            m_builder.addCoreSpan(span);
            break;
        default:
            m_builder.addObjectSpan(ObjectId{static_cast<std::uint32_t>(1 + below(2))}, span);
        }
    }
    void addEvents() {
        for (std::uint64_t i = below(std::min<std::uint64_t>(1 + m_spans, 1000)); i > 0; --i) {
            const ObjectId object{static_cast<std::uint32_t>(below(6))};
            m_builder.addLink({static_cast<LinkKind>(below(10)),
                               {someTime(), someTask(), someWorker()},
                               {someTime(), someTask(), someWorker()},
                               object,
                               below(2) == 0});
            m_builder.addSwitch(
                {someTime(), someWorker(), static_cast<std::int16_t>(below(3)), below(2) == 0});
            m_builder.addMark({someTime(), TrackId{static_cast<std::uint32_t>(below(5))},
                               someText(), static_cast<std::uint32_t>(m_random()), someDetail()});
        }
        for (std::uint64_t i = below(std::min<std::uint64_t>(1 + m_spans, 1000)); i > 0; --i) {
            addMessage();
            m_builder.addBinding({kShop, kOrders, std::string(below(20), 'k') + "\xff#"});
            const Nanoseconds begin = someTime();
            m_builder.addConsumer({kOrders,
                                   someWorker(),
                                   static_cast<std::uint32_t>(m_random()),
                                   {begin, begin + someTime()}});
        }
        for (std::uint32_t i = 0; i < 3; ++i) {
            Counter counter{.name = fmt::format("counter {}", i), .unit = "bytes", .subject = i};
            for (std::uint64_t k = i * below(1 + m_spans / 4); k > 0; --k) {
                counter.time.push_back(static_cast<Nanoseconds>(counter.time.size() * 10));
                counter.value.push_back(std::bit_cast<double>(m_random()));
            }
            m_builder.addCounter(counter);
        }
    }

    void addMessage() {
        const auto step = static_cast<MessageStep>(below(14));
        m_builder.addMessage(
            {.timeNs = someTime(),
             .message = 1 + static_cast<std::uint32_t>(below(2) == 0 ? below(50) : m_random() / 2),
             .step = step,
             .isRedelivered = below(4) == 0,
             .object = step == MessageStep::Published ? (below(2) == 0 ? kShop : ObjectId{})
                       : step >= MessageStep::Queued  ? kOrders
                                                      : ObjectId{},
             .task = someTask(),
             .worker = someWorker()});
    }

    static constexpr ObjectId kOrders{4};
    static constexpr ObjectId kShop{5};
    static constexpr std::uint32_t kTasks = 40;
    static constexpr std::uint32_t kWorkers = 5;

    std::mt19937_64 m_random;
    std::size_t m_spans;
    RecordingBuilder m_builder;
    std::shared_ptr<MappedDetails> m_details = std::make_shared<MappedDetails>();
};

auto fieldsOf(const RunInfo& x) {
    return std::tie(x.scenario, x.about, x.model, x.source, x.workers, x.cores, x.seed,
                    x.parameters, x.startedAt, x.machine, x.kernelTruth, x.makespanSeconds);
}
auto fieldsOf(const TaskInfo& x) {
    return std::tie(x.name, x.group, x.end, x.submittedNs, x.endNs);
}
auto fieldsOf(const WorkerInfo& x) {
    return std::tie(x.name, x.pid, x.tid, x.life, x.cpuTimeNs, x.voluntarySwitches,
                    x.involuntarySwitches, x.migrations, x.isControl);
}
auto fieldsOf(const ObjectInfo& x) {
    return std::tie(x.name, x.kind, x.capacity);
}
auto fieldsOf(const ProcessInfo& x) {
    return std::tie(x.pid, x.name, x.peakRssBytes);
}
auto fieldsOf(const Link& x) {
    return std::tie(x.kind, x.from.timeNs, x.from.task, x.from.worker, x.to.timeNs, x.to.task,
                    x.to.worker, x.object, x.isForced);
}
auto fieldsOf(const MessageEvent& x) {
    return std::tie(x.timeNs, x.message, x.step, x.isRedelivered, x.object, x.task, x.worker);
}
auto fieldsOf(const Binding& x) {
    return std::tie(x.exchange, x.queue, x.key);
}
auto fieldsOf(const Consumer& x) {
    return std::tie(x.queue, x.worker, x.prefetch, x.life);
}
auto fieldsOf(const Switch& x) {
    return std::tie(x.timeNs, x.worker, x.core, x.isPreempted);
}
auto fieldsOf(const Mark& x) {
    return std::tie(x.timeNs, x.track, x.name, x.pid, x.detail);
}
auto fieldsOf(const Diagnostic& x) {
    return std::tie(x.kind, x.severity, x.count, x.message);
}
auto fieldsOf(const Span& x) {
    return std::tie(x.range, x.state, x.task, x.worker, x.core, x.name, x.cause, x.depth,
                    x.isPreempted, x.isUnfinished, x.detail);
}

template <class Row>
std::string differenceOf(const std::vector<Row>& a, const std::vector<Row>& b,
                         std::string_view what) {
    if (a.size() != b.size()) {
        return fmt::format("{}: {} and {}", what, a.size(), b.size());
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (fieldsOf(a[i]) != fieldsOf(b[i])) {
            return fmt::format("{} {}", what, i);
        }
    }
    return {};
}

std::string differenceOfCounters(const Recording& a, const Recording& b) {
    if (a.counters.size() != b.counters.size()) {
        return "number of counters";
    }
    for (std::size_t i = 0; i < a.counters.size(); ++i) {
        const Counter& x = a.counters[i];
        const Counter& y = b.counters[i];
        const bool isSame =
            x.name == y.name && x.unit == y.unit && x.subject == y.subject && x.time == y.time &&
            std::ranges::equal(
                x.value, y.value, {}, [](double v) { return std::bit_cast<std::uint64_t>(v); },
                [](double v) { return std::bit_cast<std::uint64_t>(v); });
        if (!isSame) {
            return fmt::format("counter {}", i);
        }
    }
    return {};
}

std::string differenceOfDetails(const Recording& a, const Recording& b) {
    for (const Track& track : a.tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            const std::uint64_t key = track.spans.detail[i];
            if (key != 0 && (!b.details || a.details->text(key) != b.details->text(key))) {
                return fmt::format("the text of {}", key);
            }
        }
    }
    for (const Mark& mark : a.marks) {
        if (mark.detail != 0 &&
            (!b.details || a.details->text(mark.detail) != b.details->text(mark.detail))) {
            return fmt::format("the text of the mark's {}", mark.detail);
        }
    }
    return {};
}

} // namespace

std::shared_ptr<const Recording> randomRecording(unsigned seed, std::size_t spans) {
    return Maker(seed, spans).make();
}

std::string differenceBetween(const Track& a, const Track& b) {
    if (a.id != b.id || a.kind != b.kind || a.subject != b.subject || a.name != b.name) {
        return fmt::format("track {}", a.name);
    }
    if (a.spans.size() != b.spans.size()) {
        return fmt::format("track {} has {} and {} spans", a.name, a.spans.size(), b.spans.size());
    }
    for (std::size_t i = 0; i < a.spans.size(); ++i) {
        if (fieldsOf(a.spans.at(i)) != fieldsOf(b.spans.at(i))) {
            return fmt::format("span {} of track {}", i, a.name);
        }
    }
    return {};
}

std::string differenceBetween(const Recording& a, const Recording& b, bool withDiagnostics) {
    std::vector<std::string> found;
    found.push_back(fieldsOf(a.info) != fieldsOf(b.info) ? "info" : "");
    found.push_back(a.range != b.range ? "range" : "");
    found.push_back(differenceOf(a.tasks, b.tasks, "task"));
    found.push_back(differenceOf(a.workers, b.workers, "worker"));
    found.push_back(differenceOf(a.objects, b.objects, "object"));
    found.push_back(differenceOf(a.processes, b.processes, "process"));
    found.push_back(differenceOf(a.links, b.links, "link"));
    found.push_back(differenceOf(a.messages, b.messages, "message"));
    found.push_back(differenceOf(a.bindings, b.bindings, "binding"));
    found.push_back(differenceOf(a.consumers, b.consumers, "consumer"));
    found.push_back(differenceOf(a.switches, b.switches, "switch"));
    found.push_back(differenceOf(a.marks, b.marks, "mark"));
    if (withDiagnostics) {
        found.push_back(differenceOf(a.diagnostics, b.diagnostics, "diagnostic"));
    }
    found.push_back(differenceOfCounters(a, b));
    found.push_back(a.strings.size() != b.strings.size() ? "number of texts" : "");
    for (std::uint32_t id = 0; id < std::min(a.strings.size(), b.strings.size()); ++id) {
        found.push_back(a.strings.text(StringId{id}) != b.strings.text(StringId{id}) ? "a text"
                                                                                     : "");
    }
    found.push_back(a.tracks.size() != b.tracks.size() ? "number of tracks" : "");
    for (std::size_t i = 0; i < std::min(a.tracks.size(), b.tracks.size()); ++i) {
        found.push_back(differenceBetween(a.tracks[i], b.tracks[i]));
    }
    found.push_back(differenceOfDetails(a, b));
    for (const std::string& difference : found) {
        if (!difference.empty()) {
            return difference;
        }
    }
    return {};
}

} // namespace interleave::storage
