// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/cluster_event.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace interleave::celery_events {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestMessage = std::size_t{16} << 20;
constexpr std::size_t kMostEventsAtOnce = 100'000;
constexpr std::size_t kLongestName = 400;
constexpr std::size_t kLongestExcerpt = 120; // of an exception
constexpr double kLatestSeconds = 9e9;       // the year 2255; ns since 1970 fit into 64 bits

constexpr std::array<std::pair<std::string_view, EventType>, 12> kTypes{{
    {"task-sent", EventType::TaskSent},
    {"task-received", EventType::TaskReceived},
    {"task-started", EventType::TaskStarted},
    {"task-succeeded", EventType::TaskSucceeded},
    {"task-failed", EventType::TaskFailed},
    {"task-rejected", EventType::TaskRejected},
    {"task-revoked", EventType::TaskRevoked},
    {"task-retried", EventType::TaskRetried},
    {"task-cancelled", EventType::TaskCancelled},
    {"worker-online", EventType::WorkerOnline},
    {"worker-heartbeat", EventType::WorkerHeartbeat},
    {"worker-offline", EventType::WorkerOffline},
}};

std::optional<EventType> typeNamed(std::string_view name) {
    for (const auto& [known, type] : kTypes) {
        if (known == name) {
            return type;
        }
    }
    return std::nullopt;
}

const std::string* textOf(const Json& event, const char* key) {
    const auto member = event.find(key);
    return member == event.end() ? nullptr : member->get_ptr<const std::string*>();
}

std::string shortTextOf(const Json& event, const char* key, std::size_t longest) {
    const std::string* const text = textOf(event, key);
    return text == nullptr ? std::string() : text->substr(0, longest);
}

std::optional<double> numberOf(const Json& event, const char* key) {
    const auto member = event.find(key);
    if (member == event.end() || !member->is_number()) {
        return std::nullopt;
    }
    const auto value = member->get<double>();
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::uint32_t> countOf(const Json& event, const char* key) {
    const auto value = numberOf(event, key);
    if (!value || *value < 0 || *value > std::numeric_limits<std::uint32_t>::max()) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(*value);
}

std::optional<Nanoseconds> secondsOf(const Json& event, const char* key) {
    const auto value = numberOf(event, key);
    if (!value || *value < 0 || *value > kLatestSeconds) {
        return std::nullopt;
    }
    return static_cast<Nanoseconds>(*value * 1e9);
}

bool flagOf(const Json& event, const char* key) {
    const auto member = event.find(key);
    return member != event.end() && member->is_boolean() && member->get<bool>();
}

void readTask(const Json& json, ClusterEvent& event) {
    event.uuid = shortTextOf(json, "uuid", kLongestName);
    event.name = shortTextOf(json, "name", kLongestName);
    event.queue = shortTextOf(json, "queue", kLongestName);
    event.exchange = shortTextOf(json, "exchange", kLongestName);
    event.key = shortTextOf(json, "routing_key", kLongestName);
    event.parent = shortTextOf(json, "parent_id", kLongestName);
    event.exception = shortTextOf(json, "exception", kLongestExcerpt);
    event.retries = countOf(json, "retries").value_or(0);
    if (const std::string* const eta = textOf(json, "eta")) {
        event.etaNs = parseIsoTime(*eta);
    }
    event.runtimeNs = secondsOf(json, "runtime");
    event.isRequeued = flagOf(json, "requeue");
    event.isExpired = flagOf(json, "expired");
}

void readWorker(const Json& json, ClusterEvent& event) {
    event.active = countOf(json, "active");
    event.processed = countOf(json, "processed");
    event.everyNs = secondsOf(json, "freq");
    const auto loads = json.find("loadavg");
    if (loads != json.end() && loads->is_array() && !loads->empty() && (*loads)[0].is_number()) {
        const auto load = (*loads)[0].get<double>();
        if (load >= 0 && load < 1e6) {
            event.load = load;
        }
    }
}

void readEvent(const Json& json, ParsedMessage& parsed) {
    const std::string* const name = json.is_object() ? textOf(json, "type") : nullptr;
    if (name == nullptr) {
        ++parsed.faults;
        return;
    }
    const auto type = typeNamed(*name);
    if (!type) {
        ++parsed.unknowns;
        return;
    }
    ClusterEvent event;
    event.type = *type;
    event.node = shortTextOf(json, "hostname", kLongestName);
    event.pid = countOf(json, "pid").value_or(0);
    const auto stamp = secondsOf(json, "timestamp");
    if (event.isOfTask()) {
        readTask(json, event);
    } else {
        readWorker(json, event);
    }
    if (!stamp || event.node.empty() || (event.isOfTask() && event.uuid.empty())) {
        ++parsed.faults;
        return;
    }
    event.stampNs = *stamp;
    parsed.events.push_back(std::move(event));
}

/// Takes `digits` decimal digits from the front.
std::optional<int> takeNumber(std::string_view& text, std::size_t digits) {
    int value = 0;
    const auto end = text.data() + std::min(digits, text.size());
    if (text.size() < digits || std::from_chars(text.data(), end, value).ptr != end || value < 0) {
        return std::nullopt;
    }
    text.remove_prefix(digits);
    return value;
}

bool takeSign(std::string_view& text, char sign) {
    if (!text.starts_with(sign)) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

Nanoseconds takeFraction(std::string_view& text) {
    Nanoseconds ns = 0;
    if (takeSign(text, '.')) {
        for (Nanoseconds unit = 100'000'000; !text.empty() && text[0] >= '0' && text[0] <= '9';
             unit /= 10) {
            ns += unit * (text[0] - '0');
            text.remove_prefix(1);
        }
    }
    return ns;
}

} // namespace

ParsedMessage parseMessage(std::span<const std::byte> body) {
    ParsedMessage parsed;
    if (body.size() > kLargestMessage) {
        parsed.faults = 1;
        return parsed;
    }
    const auto* const begin = reinterpret_cast<const char*>(body.data());
    const Json json = Json::parse(begin, begin + body.size(), nullptr, false);
    if (!json.is_array()) {
        readEvent(json, parsed);
        return parsed;
    }
    if (json.size() > kMostEventsAtOnce) {
        parsed.faults = json.size();
        return parsed;
    }
    for (const Json& event : json) {
        readEvent(event, parsed);
    }
    return parsed;
}

std::optional<Nanoseconds> parseIsoTime(std::string_view text) {
    using namespace std::chrono;
    const auto yearNumber = takeNumber(text, 4);
    const bool hasMonth = takeSign(text, '-');
    const auto monthNumber = takeNumber(text, 2);
    const bool hasDay = takeSign(text, '-');
    const auto dayNumber = takeNumber(text, 2);
    const bool hasTime = takeSign(text, 'T') || takeSign(text, ' ');
    const auto hour = takeNumber(text, 2);
    const bool hasMinute = takeSign(text, ':');
    const auto minute = takeNumber(text, 2);
    const bool hasSecond = takeSign(text, ':');
    const auto second = takeNumber(text, 2);
    if (!hasMonth || !hasDay || !hasTime || !hasMinute || !hasSecond || !yearNumber ||
        !monthNumber || !dayNumber || !hour || !minute || !second) {
        return std::nullopt;
    }
    const Nanoseconds fraction = takeFraction(text);
    const year_month_day date(year(*yearNumber), month(static_cast<unsigned>(*monthNumber)),
                              day(static_cast<unsigned>(*dayNumber)));
    if (!date.ok() || *yearNumber < 1970 || *yearNumber > 2255) {
        return std::nullopt;
    }
    seconds offset{0};
    const bool isAhead = takeSign(text, '+');
    if (isAhead || takeSign(text, '-')) {
        const auto hours = takeNumber(text, 2);
        takeSign(text, ':');
        const auto minutes = takeNumber(text, 2);
        if (!hours || !minutes) {
            return std::nullopt;
        }
        offset = seconds((*hours * 60 + *minutes) * 60 * (isAhead ? 1 : -1));
    } else {
        takeSign(text, 'Z');
    }
    if (!text.empty()) {
        return std::nullopt;
    }
    const seconds since1970 = sys_days(date).time_since_epoch() + seconds(*hour * 3600) +
                              seconds(*minute * 60) + seconds(*second) - offset;
    return since1970.count() * 1'000'000'000 + fraction;
}

} // namespace interleave::celery_events
