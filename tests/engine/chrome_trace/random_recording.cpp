// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/chrome_trace/random_recording.h"

#include "engine/recording/recording_builder.h"
#include "engine/recording/span_packer.h"

#include <array>
#include <bit>
#include <fmt/format.h>
#include <map>
#include <random>
#include <vector>

namespace interleave::chrome_trace {

using recording::Recording;
using recording::Span;
using recording::TrackKind;

namespace {

using namespace std::string_view_literals;

constexpr std::array kOddTexts{"plain"sv,
                               "two words"sv,
                               "\"quoted\" \\ back/slash"sv,
                               "line\nbreak\ttab"sv,
                               "nul \0 inside"sv,
                               "\x01\x1f\x7f controls"sv,
                               "Gr\xc3\xbc\xc3\x9f"
                               "e \xe2\x82\xac"sv,
                               "\xf0\x9f\x8d\xb2 stew \xf0\x9d\x84\x9e"sv,
                               "invalid \xff\xfe here"sv,
                               "invalid \xff\xfd here"sv,
                               "cut \xe2\x82"sv,
                               "overlong \xc0\xaf"sv,
                               "surrogate \xed\xa0\x80"sv,
                               "running"sv,
                               "\xe2\x80\xa8 separator"sv,
                               "</script>"sv,
                               ",\n{\"ph\":\"X\"},"sv};

constexpr std::array kDetails{"{\"a\":1}"sv,
                              "{\"deep\":{\"list\":[1,2,{\"x\":\"}\"}]}}"sv,
                              "[1,2]"sv,
                              "not json"sv,
                              "\"a string\""sv,
                              "{broken"sv,
                              "{\"text\":\"\\u00e9 \\\"quoted\\\"\"}"sv};

class FixedDetails : public recording::DetailTexts {
public:
    std::string text(std::uint64_t key) const override {
        return std::string(kDetails[key % kDetails.size()]);
    }
};

class Maker {
public:
    explicit Maker(std::uint64_t seed)
        : m_random(seed) {}

    std::shared_ptr<const Recording> make() {
        m_scale = oneOf(std::array<Nanoseconds, 4>{10, 1000, 1'000'000, 3'000'000'000'000'000});
        m_origin = oneOf(std::array<Nanoseconds, 4>{0, -5'000, -7'000'000'000'000, 123});
        addSubjects();
        addSpans();
        addPoints();
        m_builder.setLive(chance(5));
        m_builder.setDetails(std::make_shared<FixedDetails>());
        return m_builder.finish();
    }

private:
    std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }
    bool chance(std::uint64_t oneIn) { return below(oneIn) == 0; }
    template <class T, std::size_t N>
    T oneOf(const std::array<T, N>& values) {
        return values[below(N)];
    }
    std::string text() {
        return chance(4) ? std::string(oneOf(kOddTexts)) : fmt::format("name {}", below(20));
    }
    StringId stringOrNone() { return chance(3) ? StringId{} : m_builder.intern(text()); }
    template <class IdType>
    IdType idOrNone(std::size_t count) {
        return IdType{static_cast<std::uint32_t>(below(count + 1))};
    }
    Nanoseconds time() { return m_origin + static_cast<Nanoseconds>(below(1000)) * m_scale; }

    void addSubjects() {
        recording::RunInfo& info = m_builder.info();
        info = {.scenario = text(),
                .about = text(),
                .model = text(),
                .source =
                    oneOf(std::array{recording::Source::Measured, recording::Source::Simulated,
                                     recording::Source::Imported}),
                .workers = static_cast<int>(below(10)),
                .cores = 2,
                .seed = m_random(),
                .parameters = {{text(), text()}, {"b", text()}},
                .startedAt = "2026-01-01T00:00:00Z",
                .machine = text(),
                .kernelTruth = "switches",
                .makespanSeconds = static_cast<double>(m_random()) / 3e9};
        m_tasks = below(6);
        m_workers = below(5);
        m_objects = below(5);
        for (std::size_t i = 0; i < m_tasks; ++i) {
            m_builder.addTask({text(), text(),
                               oneOf(std::array{State::Done, State::Failed, State::Cancelled}),
                               time(), time()});
        }
        for (std::size_t i = 0; i < m_workers; ++i) {
            recording::WorkerInfo worker;
            worker.name = text();
            worker.pid = static_cast<std::uint32_t>(below(3)); // 0 and the same again
            worker.tid = static_cast<std::uint32_t>(below(3));
            worker.life = {time(), time()};
            if (chance(2)) {
                worker.cpuTimeNs = time();
            }
            worker.voluntarySwitches = static_cast<std::uint32_t>(m_random());
            worker.migrations = 4;
            worker.isControl = chance(4);
            m_builder.addWorker(std::move(worker));
        }
        for (std::size_t i = 0; i < m_objects; ++i) {
            m_builder.addObject(
                {text(),
                 oneOf(std::array<const char*, 7>{"gil", "lock", "semaphore", "barrier", "queue",
                                                  "message-queue", "topic-exchange"}),
                 static_cast<std::uint32_t>(below(9))});
        }
        for (std::uint32_t i = 0; i < below(4); ++i) {
            m_builder.addCore(i * 3);
        }
        m_builder.addProcess({1, text(), m_random()});
        m_builder.addDiagnostic({"odd", recording::Severity::DataLoss, m_random(), text()});
    }

    Span spanAt(TimeRange range, State state) {
        Span span{.range = range, .state = state};
        span.task = idOrNone<TaskId>(m_tasks);
        span.worker = idOrNone<WorkerId>(m_workers);
        span.core = static_cast<std::int16_t>(below(5)) - 1 == -1
                        ? std::int16_t{-1}
                        : static_cast<std::int16_t>(below(300));
        span.name = stringOrNone();
        span.cause = stringOrNone();
        span.isPreempted = chance(6);
        span.isUnfinished = chance(6);
        span.detail = chance(5) ? 1 + below(100) : 0;
        return span;
    }

    State state() {
        return oneOf(std::array{State::Running, State::Running, State::Running, State::Ready,
                                State::WaitingGil, State::WaitingLock, State::Sleeping,
                                State::Transfer, State::Queued, State::Held, State::Other});
    }

    /// Spans one after the other, some empty, and within each of them some more.
    void addNested(std::vector<Span>& spans, TimeRange within, std::uint16_t depth) {
        Nanoseconds at = within.beginNs;
        const std::size_t count = 1 + below(8);
        for (std::size_t i = 0; i < count && at <= within.endNs; ++i) {
            const auto room = static_cast<std::uint64_t>(within.endNs - at);
            const auto length = static_cast<Nanoseconds>(chance(6)   ? 0
                                                         : chance(4) ? room
                                                                     : below(room / 2 + 1));
            Span span = spanAt({at, at + length}, state());
            span.depth = depth;
            spans.push_back(span);
            if (depth < 3 && chance(2)) {
                addNested(spans, span.range, static_cast<std::uint16_t>(depth + 1));
            }
            at += length;
            at += chance(2) ? 0 : static_cast<Nanoseconds>(below(room / 4 + 1));
        }
    }

    std::vector<Span> overlapping() {
        std::vector<Span> spans;
        for (std::size_t i = 0; i < below(30); ++i) {
            const Nanoseconds begin = time();
            spans.push_back(
                spanAt({begin, begin + static_cast<Nanoseconds>(below(200)) * m_scale}, state()));
        }
        return spans;
    }

    void addTrack(TrackKind kind, std::uint32_t subject) {
        std::vector<Span> spans;
        if (chance(3)) {
            spans = overlapping();
        } else if (!chance(4)) {
            addNested(spans, {m_origin, m_origin + 1000 * m_scale}, 0);
        }
        for (Span& span : spans) {
            if (kind == TrackKind::Task && !chance(10)) {
                span.task = TaskId{subject};
            } else if (kind == TrackKind::Worker && !chance(10)) {
                span.worker = WorkerId{subject};
            }
        }
        if (!spans.empty()) {
            m_builder.setSpans(kind, subject, recording::packSpans(std::move(spans)));
        }
    }

    void addSpans() {
        for (std::uint32_t i = 1; i <= m_tasks; ++i) {
            addTrack(TrackKind::Task, i);
        }
        for (std::uint32_t i = 1; i <= m_workers; ++i) {
            addTrack(TrackKind::Worker, i);
        }
        m_builder.addCore(0);
        addTrack(TrackKind::Core, 0);
        for (std::uint32_t i = 1; i <= m_objects; ++i) {
            if (const auto kind = recording::trackKindOf(m_builder.object(ObjectId{i}).kind)) {
                addTrack(*kind, i);
            }
        }
    }

    void addPoints() {
        for (std::size_t i = 0; i < below(20); ++i) {
            using recording::LinkKind;
            m_builder.addLink(
                {oneOf(std::array{LinkKind::Submit, LinkKind::Spawn, LinkKind::Steal,
                                  LinkKind::Handoff, LinkKind::Wake, LinkKind::Deliver,
                                  LinkKind::Flow, LinkKind::Redeliver, LinkKind::Ack,
                                  LinkKind::DeadLetter}),
                 {time(), idOrNone<TaskId>(m_tasks), idOrNone<WorkerId>(m_workers)},
                 {time(), idOrNone<TaskId>(m_tasks), idOrNone<WorkerId>(m_workers)},
                 idOrNone<ObjectId>(m_objects),
                 chance(3)});
        }
        for (std::size_t i = 0; i < below(20); ++i) {
            const auto pid = static_cast<std::uint32_t>(below(3));
            m_builder.addMark({time(), m_tasks == 0 ? TrackId{} : idOrNone<TrackId>(m_tasks),
                               stringOrNone(), pid, chance(3) ? below(50) : 0});
            m_builder.addSwitch({time(), idOrNone<WorkerId>(m_workers),
                                 static_cast<std::int16_t>(below(9)), chance(2)});
        }
        for (std::size_t i = 0; i < below(30); ++i) {
            m_builder.addMessage(
                {.timeNs = time(),
                 .message = 1 + static_cast<std::uint32_t>(chance(2) ? below(5) : m_random() / 2),
                 .step = static_cast<recording::MessageStep>(below(14)),
                 .isRedelivered = chance(3),
                 .object = idOrNone<ObjectId>(m_objects),
                 .task = idOrNone<TaskId>(m_tasks),
                 .worker = idOrNone<WorkerId>(m_workers)});
        }
        for (std::size_t i = 0; i < below(4); ++i) {
            m_builder.addBinding(
                {idOrNone<ObjectId>(m_objects), idOrNone<ObjectId>(m_objects), text()});
            m_builder.addConsumer({idOrNone<ObjectId>(m_objects),
                                   idOrNone<WorkerId>(m_workers),
                                   static_cast<std::uint32_t>(m_random()),
                                   {time(), time()}});
        }
        for (std::size_t i = 0; i < below(5); ++i) {
            recording::Counter counter{chance(3) ? recording::kReadyMessages : text(),
                                       chance(3) ? "" : text(),
                                       static_cast<std::uint32_t>(below(3)),
                                       {},
                                       {}};
            for (Nanoseconds at = m_origin; at < m_origin + 5 * m_scale; at += m_scale) {
                counter.time.push_back(at);
                const double odd = static_cast<double>(m_random()) / 7e3;
                counter.value.push_back(oneOf(std::array{0.0, -0.0, 0.1, 1e300, odd, -odd}));
            }
            m_builder.addCounter(std::move(counter));
        }
    }

    std::mt19937_64 m_random;
    recording::RecordingBuilder m_builder;
    Nanoseconds m_scale = 1;
    Nanoseconds m_origin = 0;
    std::size_t m_tasks = 0, m_workers = 0, m_objects = 0;
};

std::string draw(const Recording& recording, const Span& span) {
    const auto detail =
        span.detail != 0 && recording.details ? recording.details->text(span.detail) : "";
    return fmt::format(
        "[{} {}) {} task {} worker {} core {} '{}' cause '{}' depth {}{}{} {}", span.range.beginNs,
        span.range.endNs, nameOf(span.state), span.task.value, span.worker.value, span.core,
        recording.strings.text(span.name), recording.strings.text(span.cause), span.depth,
        span.isPreempted ? " preempted" : "", span.isUnfinished ? " unfinished" : "", detail);
}

std::string drawLinkEnd(const recording::LinkEnd& end) {
    return fmt::format("{}/{}/{}", end.timeNs, end.task.value, end.worker.value);
}

/// Everything but spans and points, one line each.
std::vector<std::string> linesOf(const Recording& recording) {
    std::vector<std::string> lines;
    const auto add = [&](std::string line) { lines.push_back(std::move(line)); };
    const recording::RunInfo& info = recording.info;
    add(fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", info.scenario, info.about, info.model,
                    recording::nameOf(info.source), info.workers, info.cores, info.seed,
                    info.startedAt, info.machine, info.kernelTruth,
                    std::bit_cast<std::uint64_t>(info.makespanSeconds)));
    for (const auto& [key, value] : info.parameters) {
        add(key + "=" + value);
    }
    add(fmt::format("range {} {} live {}", recording.range.beginNs, recording.range.endNs,
                    recording.isLive));
    for (const recording::TaskInfo& task : recording.tasks) {
        add(fmt::format("task {}|{}|{}|{}|{}", task.name, task.group, nameOf(task.end),
                        task.submittedNs, task.endNs));
    }
    for (const recording::WorkerInfo& worker : recording.workers) {
        add(fmt::format("worker {}|{}|{}|{}|{}|{}|{}|{}|{}|{}", worker.name, worker.pid, worker.tid,
                        worker.life.beginNs, worker.life.endNs,
                        worker.cpuTimeNs ? std::to_string(*worker.cpuTimeNs) : "unknown",
                        worker.voluntarySwitches, worker.involuntarySwitches, worker.migrations,
                        worker.isControl));
    }
    for (const recording::ObjectInfo& object : recording.objects) {
        add(fmt::format("object {}|{}|{}", object.name, object.kind, object.capacity));
    }
    for (const recording::ProcessInfo& process : recording.processes) {
        add(fmt::format("process {}|{}|{}", process.pid, process.name, process.peakRssBytes));
    }
    for (const recording::Diagnostic& item : recording.diagnostics) {
        add(fmt::format("diagnostic {}|{}|{}|{}", item.kind, recording::nameOf(item.severity),
                        item.count, item.message));
    }
    for (const recording::Link& link : recording.links) {
        add(fmt::format("link {} {} {} {} {}", recording::nameOf(link.kind), drawLinkEnd(link.from),
                        drawLinkEnd(link.to), link.object.value, link.isForced));
    }
    for (const recording::MessageEvent& event : recording.messages) {
        add(fmt::format("message {} {} {} {} {} {} {}", event.timeNs, event.message,
                        recording::nameOf(event.step), event.isRedelivered, event.object.value,
                        event.task.value, event.worker.value));
    }
    for (const recording::Binding& binding : recording.bindings) {
        add(fmt::format("binding {} {} {}", binding.exchange.value, binding.queue.value,
                        binding.key));
    }
    for (const recording::Consumer& consumer : recording.consumers) {
        add(fmt::format("consumer {} {} {} {} {}", consumer.queue.value, consumer.worker.value,
                        consumer.prefetch, consumer.life.beginNs, consumer.life.endNs));
    }
    for (const recording::Mark& mark : recording.marks) {
        add(fmt::format("mark {} {} '{}' {} {}", mark.timeNs, mark.track.value,
                        recording.strings.text(mark.name), mark.pid,
                        mark.detail != 0 ? recording.details->text(mark.detail) : ""));
    }
    for (const recording::Switch& leave : recording.switches) {
        add(fmt::format("switch {} {} {} {}", leave.timeNs, leave.worker.value, leave.core,
                        leave.isPreempted));
    }
    for (const recording::Counter& counter : recording.counters) {
        add(fmt::format("counter {}|{}|{}", counter.name, counter.unit, counter.subject));
        for (std::size_t i = 0; i < counter.time.size(); ++i) {
            add(fmt::format("  {} {}", counter.time[i],
                            std::bit_cast<std::uint64_t>(counter.value[i])));
        }
    }
    for (const recording::Track& track : recording.tracks) {
        add(fmt::format("track {} {} {} {} of {}", track.id.value, recording::nameOf(track.kind),
                        track.subject, track.name, track.spans.size()));
    }
    return lines;
}

} // namespace

std::shared_ptr<const Recording> randomRecording(std::uint64_t seed) {
    return Maker(seed).make();
}

std::string differenceOf(const Recording& a, const Recording& b) {
    const std::vector<std::string> left = linesOf(a);
    const std::vector<std::string> right = linesOf(b);
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
        const std::string one = i < left.size() ? left[i] : "(nothing)";
        const std::string other = i < right.size() ? right[i] : "(nothing)";
        if (one != other) {
            return one + "\n  became " + other;
        }
    }
    for (std::size_t t = 0; t < a.tracks.size(); ++t) {
        for (std::size_t i = 0; i < a.tracks[t].spans.size(); ++i) {
            const std::string one = draw(a, a.tracks[t].spans.at(i));
            const std::string other = draw(b, b.tracks[t].spans.at(i));
            if (one != other) {
                return fmt::format("{} {}: {}\n  became {}", recording::nameOf(a.tracks[t].kind),
                                   a.tracks[t].name, one, other);
            }
        }
    }
    return {};
}

} // namespace interleave::chrome_trace
