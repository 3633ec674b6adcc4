// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/manifest.h"

#include "engine/recording/recording.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace interleave::collector {

using Json = nlohmann::ordered_json;

namespace {

constexpr int kVersion = 1;

Json infoJson(const recording::RunInfo& info) {
    Json parameters = Json::array();
    for (const auto& [key, value] : info.parameters) {
        parameters.push_back({key, value});
    }
    return {{"scenario", info.scenario},
            {"about", info.about},
            {"model", info.model},
            {"source", std::string(nameOf(info.source))},
            {"workers", info.workers},
            {"cores", info.cores},
            {"seed", info.seed},
            {"parameters", parameters},
            {"started_at", info.startedAt},
            {"machine", info.machine}};
}

/// Reads members of JSON objects and remembers the first that is not what it should be.
class Reader {
public:
    const std::string& problem() const { return m_problem; }

    template <class T>
    void read(const Json& object, const char* key, T& value) {
        const auto member = object.find(key);
        if (member == object.end() || !fits(*member, value)) {
            complain(key);
            return;
        }
        member->get_to(value);
    }

    const Json& list(const Json& object, const char* key) {
        static const Json kNone = Json::array();
        const auto member = object.find(key);
        if (member == object.end() || !member->is_array()) {
            complain(key);
            return kNone;
        }
        return *member;
    }

    void complain(const char* key) {
        if (m_problem.empty()) {
            m_problem = fmt::format("\"{}\" is missing or of a wrong type", key);
        }
    }

private:
    static bool fits(const Json& json, const std::string&) { return json.is_string(); }
    static bool fits(const Json& json, int) {
        return json.is_number_integer() && json.get<std::int64_t>() >= 0 &&
               json.get<std::int64_t>() <= 1'000'000;
    }
    static bool fits(const Json& json, std::uint32_t) {
        return json.is_number_unsigned() && json.get<std::uint64_t>() <= UINT32_MAX;
    }
    static bool fits(const Json& json, std::uint64_t) { return json.is_number_unsigned(); }

    std::string m_problem;
};

void readInfo(Reader& reader, const Json& json, recording::RunInfo& info) {
    reader.read(json, "scenario", info.scenario);
    reader.read(json, "about", info.about);
    reader.read(json, "model", info.model);
    reader.read(json, "workers", info.workers);
    reader.read(json, "cores", info.cores);
    reader.read(json, "seed", info.seed);
    reader.read(json, "started_at", info.startedAt);
    reader.read(json, "machine", info.machine);
    std::string source;
    reader.read(json, "source", source);
    for (const auto known :
         {recording::Source::Measured, recording::Source::Simulated, recording::Source::Imported}) {
        if (source == nameOf(known)) {
            info.source = known;
        }
    }
    for (const Json& pair : reader.list(json, "parameters")) {
        if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string()) {
            info.parameters.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
        } else {
            reader.complain("parameters");
        }
    }
}

void readNames(Reader& reader, const Json& json, const char* key, std::vector<std::string>& names) {
    for (const Json& name : reader.list(json, key)) {
        if (!name.is_string()) {
            reader.complain(key);
            return;
        }
        names.push_back(name.get<std::string>());
    }
}

void readBindings(Reader& reader, const Json& json, Manifest& manifest) {
    if (!json.contains("bindings")) {
        return; // of a session that was left by an earlier version
    }
    for (const Json& binding : reader.list(json, "bindings")) {
        ManifestBinding& added = manifest.bindings.emplace_back();
        reader.read(binding, "exchange", added.exchange);
        reader.read(binding, "queue", added.queue);
        reader.read(binding, "key", added.key);
        const auto isKind = [&](std::uint32_t id, auto&& isRight) {
            return id != 0 && id <= manifest.objects.size() &&
                   isRight(manifest.objects[id - 1].kind);
        };
        const bool isSound =
            isKind(added.exchange,
                   [](const auto& kind) { return recording::isExchangeKind(kind); }) &&
            isKind(added.queue,
                   [](const auto& kind) { return kind == recording::kMessageQueueKind; });
        if (!isSound) {
            reader.complain("bindings");
        }
    }
}

} // namespace

std::string toJson(const Manifest& manifest) {
    Json tasks = Json::array();
    for (const ManifestTask& task : manifest.tasks) {
        tasks.push_back({{"name", task.name}, {"group", task.group}});
    }
    Json objects = Json::array();
    for (const ManifestObject& object : manifest.objects) {
        objects.push_back(
            {{"name", object.name}, {"kind", object.kind}, {"capacity", object.capacity}});
    }
    Json bindings = Json::array();
    for (const ManifestBinding& binding : manifest.bindings) {
        bindings.push_back(
            {{"exchange", binding.exchange}, {"queue", binding.queue}, {"key", binding.key}});
    }
    const Json json{{"version", kVersion},
                    {"info", infoJson(manifest.info)},
                    {"tasks", tasks},
                    {"objects", objects},
                    {"bindings", bindings},
                    {"steps", manifest.steps},
                    {"counters", manifest.counters},
                    {"marks", manifest.marks}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Manifest> parseManifest(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return fail("The session's manifest is not JSON: it was cut or is not of a session; "
                    "record again.");
    }
    int version = 0;
    Reader reader;
    reader.read(json, "version", version);
    if (reader.problem().empty() && version != kVersion) {
        return fail(fmt::format("The session's manifest has version {}, this program reads {}; use "
                                "the version that recorded it.",
                                version, kVersion));
    }
    Manifest manifest;
    if (const auto info = json.find("info"); info != json.end() && info->is_object()) {
        readInfo(reader, *info, manifest.info);
    } else {
        reader.complain("info");
    }
    for (const Json& task : reader.list(json, "tasks")) {
        ManifestTask& added = manifest.tasks.emplace_back();
        reader.read(task, "name", added.name);
        reader.read(task, "group", added.group);
    }
    for (const Json& object : reader.list(json, "objects")) {
        ManifestObject& added = manifest.objects.emplace_back();
        reader.read(object, "name", added.name);
        reader.read(object, "kind", added.kind);
        reader.read(object, "capacity", added.capacity);
    }
    readBindings(reader, json, manifest);
    readNames(reader, json, "steps", manifest.steps);
    readNames(reader, json, "counters", manifest.counters);
    if (json.contains("marks")) { // not in a session that was left by an earlier version
        readNames(reader, json, "marks", manifest.marks);
    }
    if (!reader.problem().empty()) {
        return fail(
            fmt::format("The session's manifest is damaged: {}; record again.", reader.problem()));
    }
    return manifest;
}

} // namespace interleave::collector
