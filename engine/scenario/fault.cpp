// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/fault.h"

#include "engine/scenario/problems.h"
#include "engine/scenario/quantity.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

constexpr std::string_view kForm =
    "a fault is written KIND[:TARGET]@WHEN[+LENGTH], such as kill-worker:2@300ms or "
    "stop-broker@1s+500ms";

std::expected<Nanoseconds, std::string> parseTime(std::string_view text) {
    const auto duration = parseDuration(text);
    if (!duration) {
        return std::unexpected(duration.error());
    }
    if (duration->spread != 0) {
        return std::unexpected(fmt::format("{} varies, a fault has one time", inQuotes(text)));
    }
    return duration->nominalNs;
}

/// "20ms": as a duration, without the blank.
std::string textOfTime(Nanoseconds time) {
    std::string text = textOf(VariedDuration{time, 0});
    std::erase(text, ' ');
    return text;
}

std::expected<Fault, std::string> parse(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) {
        return std::unexpected("it does not say when");
    }
    const std::string_view who = text.substr(0, at);
    const std::string_view when = text.substr(at + 1);
    const std::size_t colon = who.find(':');
    const std::string_view kindName = who.substr(0, colon);
    const auto kind = faultKindNamed(kindName);
    if (!kind) {
        return std::unexpected(
            fmt::format("{} is none of {}", inQuotes(kindName), listed(kFaultKinds, "and")));
    }
    Fault fault{.kind = *kind};
    if (colon != std::string_view::npos) {
        const std::string_view target = who.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(target.data(), target.data() + target.size(), fault.target);
        if (error != std::errc{} || end != target.data() + target.size() || fault.target < 1 ||
            fault.target > kMostTargets) {
            return std::unexpected(fmt::format("{} is no number of a worker or consumer, the first "
                                               "is 1",
                                               inQuotes(target)));
        }
        if (!hasTarget(*kind)) {
            return std::unexpected(fmt::format("{} has no target", kindName));
        }
    }
    const std::size_t plus = when.find('+');
    const auto time = parseTime(when.substr(0, plus));
    if (!time) {
        return std::unexpected(time.error());
    }
    fault.atNs = *time;
    if (plus != std::string_view::npos) {
        const auto length = parseTime(when.substr(plus + 1));
        if (!length) {
            return std::unexpected(length.error());
        }
        fault.lengthNs = *length;
    }
    if (needsLength(*kind) != (fault.lengthNs > 0)) {
        return std::unexpected(fmt::format(
            "{} {}", kindName, needsLength(*kind) ? "needs a length above 0" : "has no length"));
    }
    return fault;
}

} // namespace

std::optional<Fault::Kind> faultKindNamed(std::string_view name) {
    const auto* const known = std::ranges::find(kFaultKinds, name);
    return known == kFaultKinds.end()
               ? std::nullopt
               : std::optional(static_cast<Fault::Kind>(known - kFaultKinds.begin()));
}

bool needsLength(Fault::Kind kind) {
    return kind == Fault::Kind::StopBroker || kind == Fault::Kind::SlowConsumer;
}

bool hasTarget(Fault::Kind kind) {
    return kind != Fault::Kind::StopBroker;
}

Result<Fault> parseFault(std::string_view text) {
    const auto fault = parse(text);
    if (!fault) {
        return fail(
            fmt::format("{} is not a fault: {}; {}.", inQuotes(text), fault.error(), kForm));
    }
    return *fault;
}

std::string textOf(const Fault& fault) {
    std::string text(kFaultKinds[static_cast<std::size_t>(fault.kind)]);
    if (fault.target != 0) {
        text += fmt::format(":{}", fault.target);
    }
    text += fmt::format("@{}", textOfTime(fault.atNs));
    if (fault.lengthNs != 0) {
        text += fmt::format("+{}", textOfTime(fault.lengthNs));
    }
    return text;
}

} // namespace interleave::scenario
