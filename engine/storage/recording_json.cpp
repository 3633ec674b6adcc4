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
    rest["counters"] = json::array();
    for (const recording::Counter& counter : recording.counters) {
        rest["counters"].push_back(
            {counter.name, counter.unit, counter.subject, counter.time.size()});
    }
    return rest;
}

void parseRest(const json& rest, Description& description) {
    Recording& head = description.head;
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
    for (const json& item : rest.at("counters")) {
        head.counters.push_back({item.at(0), item.at(1), item.at(2), {}, {}});
        description.pointCounts.push_back(item.at(3));
    }
}

/// Pictures subtract times, so that those of a damaged file must not lie too far apart.
bool isPlausible(TimeRange range) {
    constexpr Nanoseconds kMost = Nanoseconds{1} << 62;
    return range.beginNs <= range.endNs && range.beginNs > -kMost && range.endNs < kMost;
}

} // namespace

std::string describe(const Recording& recording) {
    json document = describeRest(recording);
    document["info"] = describeInfo(recording.info);
    document["range_ns"] = {recording.range.beginNs, recording.range.endNs};
    // A name may hold any bytes; what isn't UTF-8 is replaced rather than refused.
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Description> parseDescription(std::string_view text) {
    // The library reports by exception; it is caught here, where foreign code runs.
    try {
        const json document = json::parse(text);
        Description description;
        description.head.info = parseInfo(document.at("info"));
        description.head.range = {document.at("range_ns").at(0), document.at("range_ns").at(1)};
        parseRest(document, description);
        if (!isPlausible(description.head.range)) {
            return fail("its description gives an impossible range of time");
        }
        return description;
    } catch (const json::exception& error) {
        return fail(std::string("its description can't be understood: ") + error.what());
    }
}

} // namespace interleave::storage
