// SPDX-License-Identifier: GPL-3.0-or-later
// Of HostNote: reading.
#include "engine/models/hosts/host_note.h"

#include "engine/models/hosts/host_numbers.h"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace interleave::models {

namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1; // of notes and batches
constexpr std::size_t kLongestField = 255;
constexpr std::size_t kLongestSentence = 4096;
constexpr std::size_t kLongestScenario = std::size_t{16} << 20;
constexpr std::size_t kMostEntries = 10'000; // of lists
constexpr std::uint32_t kMostSlots = 1024;
constexpr std::int64_t kLatestNs = std::int64_t{1} << 60;

/// Takes values out of an object; the first that is missing or impossible is remembered.
class NoteReader {
public:
    explicit NoteReader(const Json& json)
        : m_json(json) {}

    std::string text(const char* key, std::size_t longest = kLongestField) {
        const Json* const value = find(key);
        if (value == nullptr || !value->is_string() ||
            value->get_ref<const std::string&>().size() > longest) {
            complain(key);
            return {};
        }
        return value->get<std::string>();
    }

    std::int64_t number(const char* key, std::int64_t least, std::int64_t most) {
        const Json* const value = find(key);
        const bool isNumber = value != nullptr && value->is_number_integer() &&
                              (!value->is_number_unsigned() ||
                               value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most));
        const std::int64_t number = isNumber ? value->get<std::int64_t>() : least;
        if (!isNumber || number < least || number > most) {
            complain(key);
            return least;
        }
        return number;
    }
    std::uint32_t count(const char* key, std::uint32_t least, std::uint32_t most) {
        return static_cast<std::uint32_t>(number(key, least, most));
    }
    Nanoseconds time(const char* key) { return number(key, 0, kLatestNs); }

    std::uint64_t any64(const char* key) {
        const Json* const value = find(key);
        if (value == nullptr || !value->is_number_unsigned()) {
            complain(key);
            return 0;
        }
        return value->get<std::uint64_t>();
    }

    bool flag(const char* key) {
        const Json* const value = find(key);
        if (value == nullptr || !value->is_boolean()) {
            complain(key);
            return false;
        }
        return value->get<bool>();
    }

    /// Calls use(key, value) for each member of an object; false from it: that can't be.
    template <class Use>
    void members(const char* key, Use&& use) {
        const Json* const value = find(key);
        if (value == nullptr || !value->is_object() || value->size() > kMostEntries) {
            complain(key);
            return;
        }
        for (const auto& [name, member] : value->items()) {
            if (name.size() > kLongestField || !use(name, member)) {
                complain(key);
                return;
            }
        }
    }

    template <class Use>
    void items(const char* key, Use&& use) {
        const Json* const value = find(key);
        if (value == nullptr || !value->is_array() || value->size() > kMostEntries) {
            complain(key);
            return;
        }
        for (const Json& item : *value) {
            if (!use(item)) {
                complain(key);
                return;
            }
        }
    }

    void complain(const char* key) {
        if (m_problem.empty()) {
            m_problem = key;
        }
    }
    const std::string& problem() const { return m_problem; }

private:
    const Json* find(const char* key) const {
        const auto found = m_json.find(key);
        return found == m_json.end() ? nullptr : &*found;
    }

    const Json& m_json;
    std::string m_problem;
};

Welcome welcomeOf(NoteReader& reader) {
    Welcome note;
    note.number = reader.count("number", 1, HostNumbers::kMostHosts);
    note.inbox = reader.text("inbox");
    note.run = reader.text("run");
    note.scenario = reader.text("scenario", kLongestScenario);
    note.file = reader.text("file", kLongestSentence);
    note.seed = reader.any64("seed");
    note.programMark = reader.any64("program_mark");
    note.workers = static_cast<int>(reader.count("workers", 1, kMostSlots));
    reader.members("parameters", [&](const std::string& key, const Json& value) {
        if (!value.is_string()) {
            return false;
        }
        note.parameters[key] = value.get<std::string>();
        return true;
    });
    std::size_t speeds = 0;
    reader.items("speed", [&](const Json& value) {
        if (!value.is_number() || speeds == note.speed.size()) {
            return false;
        }
        const double speed = value.get<double>();
        note.speed[speeds++] = speed;
        return std::isfinite(speed) && speed > 0 && speed < 1e12;
    });
    if (speeds != note.speed.size()) {
        reader.complain("speed");
    }
    note.firstCore = reader.count("first_core", 0, HostNumbers::kMostCores);
    note.node.name = reader.text("node");
    reader.items("queues", [&](const Json& value) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() == 0 ||
            value.get<std::uint64_t>() > record::kMaxObjects) {
            return false;
        }
        note.node.queues.push_back(value.get<std::uint32_t>());
        return true;
    });
    note.node.slots = reader.count("slots", 1, kMostSlots);
    note.node.prefetch = reader.count("prefetch", 0, 1000);
    return note;
}

State endIn(NoteReader& reader) {
    const std::string name = reader.text("state");
    for (const State state : {State::Done, State::Failed, State::Cancelled}) {
        if (name == nameOf(state)) {
            return state;
        }
    }
    reader.complain("state");
    return State::Failed;
}

HostFarewell farewellOf(NoteReader& reader) {
    HostFarewell note;
    reader.members("counts", [&](const std::string& key, const Json& value) {
        if (!value.is_number_unsigned()) {
            return false;
        }
        note.counts[key] = value.get<std::uint64_t>();
        return true;
    });
    return note;
}

std::optional<HostNote> noteOf(const std::string& kind, NoteReader& reader) {
    if (kind == "run") {
        return RunCall{reader.text("run"), reader.text("queue"), reader.text("version")};
    }
    if (kind == "join") {
        return JoinRequest{reader.text("version"),
                           reader.text("id"),
                           reader.text("host"),
                           reader.text("reply"),
                           reader.count("slots", 0, kMostSlots),
                           reader.count("cores", 1, HostNumbers::kMostCores)};
    }
    if (kind == "welcome") {
        return welcomeOf(reader);
    }
    if (kind == "refused") {
        return Refusal{reader.text("reason", kLongestSentence)};
    }
    if (kind == "ask") {
        return ClockQuestion{reader.time("asked"), reader.flag("held")};
    }
    if (kind == "answer") {
        return ClockAnswer{reader.time("asked"), reader.time("heard"), reader.time("answered"),
                           reader.time("origin"), reader.number("held", -1, kLatestNs)};
    }
    if (kind == "ready") {
        return HostReady{};
    }
    if (kind == "ended") {
        return TaskEnded{TaskId{reader.count("task", 1, record::kMaxTasks)}, endIn(reader)};
    }
    if (kind == "trouble") {
        return HostTrouble{reader.text("sentence", kLongestSentence)};
    }
    if (kind == "diagnostic") {
        return HostDiagnostic{reader.text("what"), reader.text("severity"), reader.any64("count"),
                              reader.text("message", kLongestSentence)};
    }
    if (kind == "over") {
        return RunOver{reader.flag("at_once")};
    }
    if (kind == "farewell") {
        return farewellOf(reader);
    }
    return std::nullopt;
}

} // namespace

std::string hostVersion() {
    return fmt::format("{}/{}", INTERLEAVE_VERSION, kFormat);
}

Result<HostNote> parseHostNote(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return fail("A note between hosts is no JSON object.");
    }
    NoteReader reader(json);
    const std::string kind = reader.text("kind");
    auto note = noteOf(kind, reader);
    if (!note) {
        return fail("A note between hosts is of no known kind.");
    }
    if (!reader.problem().empty()) {
        return fail(fmt::format("A note between hosts of the kind \"{}\" has no right \"{}\".",
                                kind, reader.problem()));
    }
    return std::move(*note);
}

} // namespace interleave::models
