// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/counters.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace interleave::collector {

using record::EventKind;
using recording::Counter;
using recording::RecordingBuilder;

namespace {

struct Point {
    Nanoseconds ns = 0;
    double value = 0;
};

struct Samples {
    std::vector<std::vector<Point>> levels;          // by counter id - 1
    std::map<std::uint32_t, std::vector<Point>> rss; // bytes, by process
    std::map<std::uint32_t, std::vector<Point>> pss;
};

CounterUnit unitOf(const Manifest& manifest, std::size_t counter) {
    return counter < manifest.counterUnits.size() ? manifest.counterUnits[counter] : CounterUnit{};
}

Samples samplesOf(const std::vector<StreamEvents>& streams, const Manifest& manifest,
                  Oddities& oddities) {
    Samples samples;
    samples.levels.resize(manifest.counters.size());
    for (const StreamEvents& stream : streams) {
        for (const TimedEvent& event : stream.events) {
            if (event.kind == EventKind::Level) {
                if (event.a == 0 || event.a > samples.levels.size()) {
                    ++oddities.unknownIds;
                } else {
                    samples.levels[event.a - 1].push_back(
                        {event.ns,
                         static_cast<double>(event.b) * unitOf(manifest, event.a - 1).scale});
                }
            } else if (event.kind == EventKind::MemoryRss || event.kind == EventKind::MemoryPss) {
                auto& memory = event.kind == EventKind::MemoryRss ? samples.rss : samples.pss;
                memory[event.a].push_back({event.ns, static_cast<double>(event.b) * 1024});
            }
        }
    }
    return samples;
}

Counter counterOf(std::string name, std::string unit, std::uint32_t subject,
                  std::vector<Point> points) {
    std::ranges::stable_sort(points, {}, &Point::ns);
    Counter counter{.name = std::move(name), .unit = std::move(unit), .subject = subject};
    for (const Point& point : points) {
        if (!counter.time.empty() && counter.time.back() == point.ns) {
            counter.value.back() = point.value; // of several at once the last one stays
        } else if (counter.value.empty() || counter.value.back() != point.value) {
            counter.time.push_back(point.ns);
            counter.value.push_back(point.value);
        }
    }
    return counter;
}

/// When the last thread of each process ended; absent for a process that has a control thread (the
/// runner outlives the run) or a thread whose end wasn't seen by the kernel either.
std::map<std::uint32_t, Nanoseconds> endsOfProcesses(const WorkerTable& workers) {
    std::map<std::uint32_t, Nanoseconds> ends;
    for (const WorkerThread& thread : workers.threads()) {
        Nanoseconds& end = ends[thread.pid];
        end = std::max(end, thread.life.endNs);
    }
    for (const WorkerThread& thread : workers.threads()) {
        if (thread.isControl) {
            ends.erase(thread.pid);
        }
    }
    return ends;
}

} // namespace

void addCounters(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                 const Manifest& manifest, const SessionFacts& facts, RecordingBuilder& builder,
                 Oddities& oddities) {
    Samples samples = samplesOf(streams, manifest, oddities);
    for (std::size_t i = 0; i < samples.levels.size(); ++i) {
        if (!samples.levels[i].empty()) {
            builder.addCounter(counterOf(manifest.counters[i], unitOf(manifest, i).name, 0,
                                         std::move(samples.levels[i])));
        }
    }
    std::map<std::uint32_t, recording::ProcessInfo> processes;
    for (const SessionProcess& process : facts.processes) {
        processes[process.pid] = {process.pid, process.name, 0};
    }
    const auto ends = endsOfProcesses(workers);
    for (auto* const memory : {&samples.rss, &samples.pss}) {
        const bool isRss = memory == &samples.rss;
        for (auto& [pid, points] : *memory) {
            const auto place = processes.try_emplace(
                pid, recording::ProcessInfo{pid, fmt::format("process {}", pid), 0});
            for (const Point& point : points) {
                auto& peak = place.first->second.peakRssBytes;
                peak = isRss ? std::max(peak, static_cast<std::uint64_t>(point.value)) : peak;
            }
            const auto end = ends.find(pid);
            if (end != ends.end() && !facts.isLive && !points.empty() &&
                end->second > points.back().ns) {
                points.push_back({end->second, 0});
            }
            builder.addCounter(counterOf(isRss ? "rss" : "pss", "bytes", pid, std::move(points)));
        }
    }
    for (auto& [pid, process] : processes) {
        // The recorder of a program has a segment, but is no part of the run.
        const bool hasThread =
            std::ranges::any_of(workers.threads(), [pid = pid](const WorkerThread& thread) {
                return thread.pid == pid;
            });
        if (hasThread || samples.rss.contains(pid) || samples.pss.contains(pid)) {
            builder.addProcess(std::move(process));
        }
    }
}

} // namespace interleave::collector
