// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/generated_recording.h"

#include "engine/base/check.h"
#include "engine/recording/recording_builder.h"
#include "engine/recording/span_packer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <tbb/combinable.h>
#include <tbb/parallel_for.h>
#include <vector>

namespace interleave::support {

using recording::Span;
using recording::SpanColumns;
using recording::SpanPacker;
using recording::TrackKind;

namespace {

constexpr Nanoseconds kRareNs = 1000;

/// splitmix64. Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
class Random {
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed) {}
    std::uint64_t next() {
        std::uint64_t z = m_state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    /// In (0, 1].
    double unit() { return static_cast<double>((next() >> 11) + 1) * 0x1p-53; }
    /// At least 1; the mean of many, most of them far shorter. A product of three exponential
    /// numbers has a tail that reaches some hundred means.
    Nanoseconds skewed(Nanoseconds mean) {
        const double factor = -std::log(unit()) * std::log(unit()) * std::log(unit());
        return 1 + static_cast<Nanoseconds>(static_cast<double>(mean) * factor);
    }

private:
    std::uint64_t m_state;
};

State stateFor(Random& random) {
    static constexpr std::array<State, 16> kStates{
        State::Running,    State::Running,    State::Running,   State::Running,
        State::Running,    State::Running,    State::Running,   State::Running,
        State::WaitingGil, State::WaitingGil, State::WaitingIo, State::WaitingIo,
        State::Ready,      State::Sleeping,   State::Sleeping,  State::Transfer};
    return kStates[random.next() % kStates.size()];
}

class TrackMaker {
public:
    TrackMaker(const GeneratedOptions& options, std::size_t index, SpanPacker& packer)
        : m_options(options)
        , m_index(index)
        , m_packer(packer)
        , m_random(options.seed * 0x100000001b3 + index) {}

    SpanColumns make() {
        const std::size_t share = m_options.spans / m_options.tracks;
        const std::size_t extra = m_index < m_options.spans % m_options.tracks ? 1 : 0;
        const std::size_t count = share + extra;
        std::size_t below = 0;
        for (int depth = 1; depth < m_options.depths; ++depth) {
            below += count >> (depth + 1);
        }
        addTop(count - below);
        for (int depth = 1; depth < m_options.depths; ++depth) {
            addChildren(static_cast<std::uint16_t>(depth), count >> (depth + 1));
        }
        return m_packer.finish();
    }

private:
    Span spanAt(TimeRange range, std::uint16_t depth) {
        Span span;
        span.range = range;
        span.depth = depth;
        span.state = stateFor(m_random);
        const double which = m_random.unit();
        const auto name =
            static_cast<std::uint32_t>(which * which * static_cast<double>(m_options.names - 1));
        span.name = StringId{name + 1};
        const auto subject = static_cast<std::uint32_t>(m_index + 1);
        if (m_options.kind == TrackKind::Task) {
            span.task = TaskId{subject};
        } else {
            span.worker = WorkerId{subject};
        }
        return span;
    }

    void push(const Span& span) {
        m_packer.push(span);
        m_ranges.push_back(span.range);
    }

    void addTop(std::size_t count) {
        Nanoseconds time = static_cast<Nanoseconds>(m_random.next() % 10'000);
        for (std::size_t i = 0; i < count; ++i) {
            if (m_random.next() % 5 == 0) {
                time += m_random.skewed(m_options.meanNs);
            }
            const bool isRare = m_index == 0 && i == count / 2;
            const Nanoseconds length = isRare ? kRareNs : m_random.skewed(m_options.meanNs);
            Span span = spanAt({time, time + length}, 0);
            span.state = isRare ? State::WaitingLock : span.state;
            push(span);
            time += length;
        }
    }

    /// Spreads them over the spans of the depth above, by duration; what finds no room comes after.
    void addChildren(std::uint16_t depth, std::size_t count) {
        const std::vector<TimeRange> parents = std::move(m_ranges);
        m_ranges.clear();
        double total = 0;
        for (const TimeRange& parent : parents) {
            total += static_cast<double>(parent.durationNs());
        }
        double before = 0;
        std::size_t made = 0;
        for (const TimeRange& parent : parents) {
            before += static_cast<double>(parent.durationNs());
            const auto due = static_cast<std::size_t>(before / total * static_cast<double>(count));
            const auto room = static_cast<std::size_t>(parent.durationNs() / 4);
            const std::size_t here = std::min(std::min(due, count) - std::min(made, due), room);
            for (std::size_t i = 0; i < here; ++i) {
                addChild(parent, depth, i, here);
            }
            made += here;
        }
        addAfter(parents, depth, count - made);
    }

    void addChild(TimeRange parent, std::uint16_t depth, std::size_t place, std::size_t places) {
        const double slot = static_cast<double>(parent.durationNs()) / static_cast<double>(places);
        const double left = slot * static_cast<double>(place);
        const double wide = m_random.unit();
        const auto offset = static_cast<Nanoseconds>(left + slot * 0.25 * m_random.unit());
        const auto length = static_cast<Nanoseconds>(slot * (0.02 + 0.68 * wide * wide));
        const Nanoseconds begin = parent.beginNs + offset;
        const Nanoseconds latest =
            parent.beginNs + static_cast<Nanoseconds>(slot * static_cast<double>(place + 1));
        push(spanAt({begin, std::max(begin + 1, std::min(begin + length, latest))}, depth));
    }

    void addAfter(const std::vector<TimeRange>& parents, std::uint16_t depth, std::size_t count) {
        Nanoseconds time = parents.empty() ? 0 : parents.back().endNs;
        for (std::size_t i = 0; i < count; ++i) {
            push(spanAt({time, time + 1}, depth));
            ++time;
        }
    }

    const GeneratedOptions& m_options;
    std::size_t m_index;
    SpanPacker& m_packer;
    Random m_random;
    std::vector<TimeRange> m_ranges; // of the last depth made
};

void addSubjects(recording::RecordingBuilder& builder, const GeneratedOptions& options,
                 const std::vector<SpanColumns>& columns) {
    for (std::size_t i = 0; i < options.tracks; ++i) {
        if (options.kind == TrackKind::Task) {
            recording::TaskInfo task;
            task.name = fmt::format("task {}", i + 1);
            task.group = "task";
            task.end = State::Done;
            task.endNs = columns[i].endNs();
            builder.addTask(std::move(task));
        } else {
            recording::WorkerInfo worker;
            worker.name = fmt::format("worker {}", i + 1);
            worker.life = {0, columns[i].endNs()};
            builder.addWorker(std::move(worker));
        }
    }
}

void addLinks(recording::RecordingBuilder& builder, const GeneratedOptions& options,
              const std::vector<SpanColumns>& columns) {
    Random random(options.seed + 1);
    for (std::size_t i = 0; i < options.links; ++i) {
        const std::size_t from = random.next() % options.tracks;
        const std::size_t to = random.next() % options.tracks;
        if (columns[from].isEmpty() || columns[to].isEmpty()) {
            continue;
        }
        // Spans of the first half lie at depth 0 and in order, so a wake has a near begin to reach.
        const std::size_t span = random.next() % ((columns[to].size() + 1) / 2);
        const Nanoseconds at = columns[to].begin[span];
        recording::Link link;
        link.kind = recording::LinkKind::Wake;
        const auto end = [&](std::size_t track, Nanoseconds time) {
            const auto subject = static_cast<std::uint32_t>(track + 1);
            return options.kind == TrackKind::Task
                       ? recording::LinkEnd{time, TaskId{subject}, {}}
                       : recording::LinkEnd{time, {}, WorkerId{subject}};
        };
        link.from = end(from, std::max<Nanoseconds>(0, at - 1'000));
        link.to = end(to, at);
        builder.addLink(link);
    }
}

void addMarks(recording::RecordingBuilder& builder, const GeneratedOptions& options,
              Nanoseconds endNs) {
    Random random(options.seed + 2);
    for (std::size_t i = 0; i < options.marks; ++i) {
        recording::Mark mark;
        mark.timeNs = static_cast<Nanoseconds>(random.unit() * static_cast<double>(endNs));
        if (i % 8 != 0) { // some are of no track
            mark.track = TrackId{static_cast<std::uint32_t>(random.next() % options.tracks + 1)};
        }
        mark.name = StringId{static_cast<std::uint32_t>(random.next() % options.names + 1)};
        builder.addMark(mark);
    }
}

} // namespace

std::shared_ptr<const recording::Recording> generatedRecording(const GeneratedOptions& options) {
    CHECK(options.tracks > 0 && options.names > 0 && options.depths > 0);
    recording::RecordingBuilder builder;
    builder.info().scenario = "generated";
    builder.info().about = "made for benchmarks and tests";
    builder.info().source = recording::Source::Simulated;
    builder.info().seed = options.seed;
    for (std::size_t i = 0; i < options.names; ++i) {
        builder.intern(fmt::format("operation {}", i + 1));
    }
    std::vector<SpanColumns> columns(options.tracks);
    tbb::combinable<SpanPacker> packers;
    tbb::parallel_for(std::size_t{0}, options.tracks, [&](std::size_t i) {
        columns[i] = TrackMaker(options, i, packers.local()).make();
    });
    Nanoseconds endNs = 0;
    for (const SpanColumns& each : columns) {
        endNs = std::max(endNs, each.endNs());
    }
    builder.info().makespanSeconds = toSeconds(endNs);
    addSubjects(builder, options, columns);
    addLinks(builder, options, columns);
    addMarks(builder, options, endNs);
    for (std::size_t i = 0; i < options.tracks; ++i) {
        builder.setSpans(options.kind, static_cast<std::uint32_t>(i + 1), std::move(columns[i]));
    }
    return builder.finish();
}

} // namespace interleave::support
