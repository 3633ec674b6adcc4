// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/recording_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace interleave::storage {

namespace {

using nlohmann::json;
using recording::Recording;

json describeInfo(const recording::RunInfo& info) {
    json parameters = json::array();
    for (const auto& [key, value] : info.parameters) {
        parameters.push_back({key, value});
    }
    return {{"scenario", info.scenario},
            {"about", info.about},
            {"model", info.model},
            {"source", recording::nameOf(info.source)},
            {"workers", info.workers},
            {"cores", info.cores},
            {"seed", info.seed},
            {"parameters", parameters},
            {"started_at", info.startedAt},
            {"machine", info.machine},
            {"kernel_truth", info.kernelTruth},
            {"makespan_s", info.makespanSeconds}};
}

recording::RunInfo parseInfo(const json& value) {
    recording::RunInfo info;
    info.scenario = value.at("scenario");
    info.about = value.at("about");
    info.model = value.at("model");
    const std::string source = value.at("source");
    for (const auto candidate :
         {recording::Source::Measured, recording::Source::Simulated, recording::Source::Imported}) {
        if (recording::nameOf(candidate) == source) {
            info.source = candidate;
        }
    }
    info.workers = value.at("workers");
    info.cores = value.at("cores");
    info.seed = value.at("seed");
    for (const json& pair : value.at("parameters")) {
        info.parameters.emplace_back(pair.at(0), pair.at(1));
    }
    info.startedAt = value.at("started_at");
    info.machine = value.at("machine");
    info.kernelTruth = value.at("kernel_truth");
    info.makespanSeconds = value.at("makespan_s");
    return info;
}

json describeTasks(const Recording& recording) {
    json tasks = json::array();
    for (const recording::TaskInfo& task : recording.tasks) {
        tasks.push_back(
            {task.name, task.group, static_cast<int>(task.end), task.submittedNs, task.endNs});
    }
    return tasks;
}

json describeWorkers(const Recording& recording) {
    json workers = json::array();
    for (const recording::WorkerInfo& worker : recording.workers) {
        workers.push_back({{"name", worker.name},
                           {"pid", worker.pid},
                           {"tid", worker.tid},
                           {"begin_ns", worker.life.beginNs},
                           {"end_ns", worker.life.endNs},
                           {"voluntary", worker.voluntarySwitches},
                           {"involuntary", worker.involuntarySwitches},
                           {"migrations", worker.migrations},
                           {"control", worker.isControl}});
        if (worker.cpuTimeNs) {
            workers.back()["cpu_ns"] = *worker.cpuTimeNs;
        }
    }
    return workers;
}

State parseState(int value) {
    return value >= 0 && value < kStateCount ? static_cast<State>(value) : State::Cancelled;
}

void parseTasks(const json& value, Recording& recording) {
    for (const json& task : value) {
        recording.tasks.push_back(
            {task.at(0), task.at(1), parseState(task.at(2)), task.at(3), task.at(4)});
    }
}

void parseWorkers(const json& value, Recording& recording) {
    for (const json& item : value) {
        recording::WorkerInfo worker;
        worker.name = item.at("name");
        worker.pid = item.at("pid");
        worker.tid = item.at("tid");
        worker.life = {item.at("begin_ns"), item.at("end_ns")};
        worker.voluntarySwitches = item.at("voluntary");
        worker.involuntarySwitches = item.at("involuntary");
        worker.migrations = item.at("migrations");
        worker.isControl = item.at("control");
        if (item.contains("cpu_ns")) {
            worker.cpuTimeNs = item.at("cpu_ns").get<Nanoseconds>();
        }
        recording.workers.push_back(std::move(worker));
    }
}

json describeRest(const Recording& recording) {
    json rest;
    rest["objects"] = json::array();
    for (const recording::ObjectInfo& object : recording.objects) {
        rest["objects"].push_back({object.name, object.kind, object.capacity});
    }
    rest["processes"] = json::array();
    for (const recording::ProcessInfo& process : recording.processes) {
        rest["processes"].push_back({process.pid, process.name, process.peakRssBytes});
    }
    rest["diagnostics"] = json::array();
    for (const recording::Diagnostic& item : recording.diagnostics) {
        rest["diagnostics"].push_back(
            {item.kind, static_cast<int>(item.severity), item.count, item.message});
    }
    rest["strings"] = json::array();
    for (std::uint32_t id = 1; id < recording.strings.size(); ++id) {
        rest["strings"].push_back(recording.strings.text(StringId{id}));
    }
    rest["tracks"] = json::array();
    for (const recording::Track& track : recording.tracks) {
        rest["tracks"].push_back(
            {static_cast<int>(track.kind), track.subject, track.name, track.spans.size()});
    }
    rest["counters"] = json::array();
    for (const recording::Counter& counter : recording.counters) {
        rest["counters"].push_back(
            {counter.name, counter.unit, counter.subject, counter.time.size()});
    }
    return rest;
}

void parseRest(const json& rest, RecordingLayout& layout) {
    Recording& head = layout.head;
    for (const json& object : rest.at("objects")) {
        head.objects.push_back({object.at(0), object.at(1), object.at(2)});
    }
    for (const json& process : rest.at("processes")) {
        head.processes.push_back({process.at(0), process.at(1), process.at(2)});
    }
    for (const json& item : rest.at("diagnostics")) {
        const int severity = std::clamp(item.at(1).get<int>(), 0, 2);
        head.diagnostics.push_back(
            {item.at(0), static_cast<recording::Severity>(severity), item.at(2), item.at(3)});
    }
    for (const json& text : rest.at("strings")) {
        head.strings.intern(text.get<std::string>());
    }
    for (const json& item : rest.at("tracks")) {
        recording::Track track;
        track.id = TrackId{static_cast<std::uint32_t>(head.tracks.size() + 1)};
        const int lastKind = static_cast<int>(recording::TrackKind::Queue);
        track.kind =
            static_cast<recording::TrackKind>(std::clamp(item.at(0).get<int>(), 0, lastKind));
        track.subject = item.at(1);
        track.name = item.at(2);
        layout.spanCounts.push_back(item.at(3));
        head.tracks.push_back(std::move(track));
    }
    for (const json& item : rest.at("counters")) {
        head.counters.push_back({item.at(0), item.at(1), item.at(2), {}, {}});
        layout.pointCounts.push_back(item.at(3));
    }
}

/// No sum or product of the counts may overflow later on.
bool areCountsPlausible(const RecordingLayout& layout) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 34;
    const auto isPlausible = [](std::uint64_t count) { return count <= kMost; };
    return std::ranges::all_of(layout.spanCounts, isPlausible) &&
           std::ranges::all_of(layout.pointCounts, isPlausible) && isPlausible(layout.linkCount) &&
           isPlausible(layout.switchCount);
}

} // namespace

std::string describe(const Recording& recording) {
    json document = describeRest(recording);
    document["info"] = describeInfo(recording.info);
    document["range_ns"] = {recording.range.beginNs, recording.range.endNs};
    document["tasks"] = describeTasks(recording);
    document["workers"] = describeWorkers(recording);
    document["links"] = recording.links.size();
    document["switches"] = recording.switches.size();
    // A name may hold any bytes; what isn't UTF-8 is replaced rather than refused.
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<RecordingLayout> parseDescription(std::string_view text) {
    // The library reports by exception; it is caught here, where foreign code runs.
    try {
        const json document = json::parse(text);
        RecordingLayout layout;
        layout.head.info = parseInfo(document.at("info"));
        layout.head.range = {document.at("range_ns").at(0), document.at("range_ns").at(1)};
        parseTasks(document.at("tasks"), layout.head);
        parseWorkers(document.at("workers"), layout.head);
        parseRest(document, layout);
        layout.linkCount = document.at("links");
        layout.switchCount = document.at("switches");
        if (!areCountsPlausible(layout)) {
            return fail("its description claims more than a file can hold");
        }
        return layout;
    } catch (const json::exception& error) {
        return fail(std::string("its description can't be understood: ") + error.what());
    }
}

} // namespace interleave::storage
