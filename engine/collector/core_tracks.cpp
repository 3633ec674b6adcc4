// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/core_tracks.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace interleave::collector {

using record::EventKind;
using record::StreamRole;
using recording::RecordingBuilder;

namespace {

constexpr std::uint32_t kLeastShownPerMille = 50;
/// Shorter gaps between our own slices are not worth a span that says "some of this time".
constexpr Nanoseconds kLeastShownGapNs = 100'000;

struct LoadSample {
    TimeRange period; // since the last sample
    std::uint32_t perMille = 0;
};

/// Threads of ours that have no task: control threads outside of any worker's life, and threads
/// that the kernel showed but that wrote no events: in a recorded program, of processes that have
/// no agent.
void addUnnamed(const CoreTrackInputs& inputs, RecordingBuilder& builder,
                std::vector<CorePiece>& pieces) {
    const bool hasAgents = std::ranges::any_of(inputs.streams, &StreamEvents::isAgents);
    const StringId name = builder.intern("interleave");
    const StringId other = hasAgents ? builder.intern("not recorded") : name;
    std::uint64_t others = 0;
    std::set<std::uint32_t> named;
    for (const StreamEvents& stream : inputs.streams) {
        named.insert(stream.tid); // observers too: they are not shown
    }
    for (const WorkerThread& thread : inputs.workers.threads()) {
        for (std::size_t i = 0; thread.isControl && i < thread.slices.size(); ++i) {
            const CoreSlice& slice = thread.slices[i];
            pieces.push_back(
                {slice.range.intersected(inputs.range), thread.id, {}, name, slice.core});
        }
    }
    for (const auto& [tid, slices] : inputs.cores.byThread) {
        if (named.contains(tid)) {
            continue;
        }
        ++others;
        for (const CoreSlice& slice : slices) {
            pieces.push_back({slice.range.intersected(inputs.range), {}, {}, other, slice.core});
        }
    }
    if (hasAgents && others != 0) {
        builder.addDiagnostic(
            {"not-recorded-threads", recording::Severity::Info, others,
             fmt::format("{} threads of the program are seen by the kernel only: their processes "
                         "run no Python, or could not be recorded. The cores' tracks show them as "
                         "\"not recorded\".",
                         others)});
    }
}

std::map<std::uint32_t, std::vector<LoadSample>> loadSamples(const CoreTrackInputs& inputs,
                                                             Oddities& oddities) {
    std::map<std::uint32_t, std::vector<LoadSample>> samples;
    for (const StreamEvents& stream : inputs.streams) {
        const Nanoseconds begin = stream.events.empty() ? 0 : stream.events.front().ns;
        for (const TimedEvent& event : stream.events) {
            if (event.kind != EventKind::OtherLoad) {
                continue;
            }
            if (event.a >= kMostCores) {
                ++oddities.unknownIds;
                continue;
            }
            auto& ofCore = samples[event.a];
            const Nanoseconds since = ofCore.empty() ? begin : ofCore.back().period.endNs;
            ofCore.push_back({{std::min(since, event.ns), event.ns}, std::min(event.b, 1000u)});
        }
    }
    return samples;
}

void addLoadCounter(std::uint32_t core, const std::vector<LoadSample>& samples,
                    RecordingBuilder& builder) {
    recording::Counter counter{.name = "other load", .unit = "ratio", .subject = core};
    for (const LoadSample& sample : samples) {
        if (sample.period.isEmpty()) {
            continue;
        }
        counter.time.push_back(sample.period.beginNs);
        counter.value.push_back(sample.perMille / 1000.0);
    }
    if (!counter.time.empty()) {
        counter.time.push_back(samples.back().period.endNs);
        counter.value.push_back(0);
        builder.addCounter(std::move(counter));
    }
}

/// The gaps between our pieces (sorted) that lie in a sample's period.
void addOther(std::uint32_t core, const std::vector<LoadSample>& samples,
              const std::vector<CorePiece>& pieces, TimeRange range, RecordingBuilder& builder) {
    std::size_t next = 0;
    for (const LoadSample& sample : samples) {
        const TimeRange period = sample.period.intersected(range);
        if (sample.perMille < kLeastShownPerMille || period.isEmpty()) {
            continue;
        }
        const StringId name = builder.intern(fmt::format("{} %", (sample.perMille + 5) / 10));
        const auto add = [&](TimeRange gap) {
            if (gap.durationNs() >= std::min(kLeastShownGapNs, period.durationNs())) {
                builder.addCoreSpan({.range = gap,
                                     .state = State::Other,
                                     .core = static_cast<std::int16_t>(core),
                                     .name = name});
            }
        };
        while (next < pieces.size() && pieces[next].range.endNs <= period.beginNs) {
            ++next;
        }
        Nanoseconds at = period.beginNs;
        for (std::size_t i = next; i < pieces.size() && pieces[i].range.beginNs < period.endNs;
             ++i) {
            add({at, pieces[i].range.beginNs});
            at = std::max(at, pieces[i].range.endNs);
        }
        add({at, period.endNs});
    }
}

} // namespace

void addCoreTracks(const CoreTrackInputs& inputs, std::vector<CorePiece> pieces,
                   RecordingBuilder& builder, Oddities& oddities) {
    addUnnamed(inputs, builder, pieces);
    std::ranges::sort(pieces, {}, [](const CorePiece& p) { return p.range.beginNs; });
    std::map<std::uint32_t, std::vector<CorePiece>> byCore;
    for (const CorePiece& piece : pieces) {
        if (piece.range.isEmpty()) {
            continue;
        }
        byCore[static_cast<std::uint32_t>(piece.core)].push_back(piece);
        builder.addCoreSpan({.range = piece.range,
                             .state = State::Running,
                             .task = piece.task,
                             .worker = piece.worker,
                             .core = piece.core,
                             .name = piece.name});
    }
    for (const auto& [core, samples] : loadSamples(inputs, oddities)) {
        builder.addCore(core);
        addLoadCounter(core, samples, builder);
        addOther(core, samples, byCore[core], inputs.range, builder);
    }
}

} // namespace interleave::collector
