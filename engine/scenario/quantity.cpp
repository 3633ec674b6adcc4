// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/quantity.h"

#include "engine/scenario/problems.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <span>

namespace interleave::scenario {

namespace {

struct Unit {
    std::string_view name;
    double factor;
};

// U+00B5 and U+03BC look the same and both are in use.
constexpr std::array kDurationUnits{Unit{"ns", 1},        Unit{"us", 1e3}, Unit{"\u00b5s", 1e3},
                                    Unit{"\u03bcs", 1e3}, Unit{"ms", 1e6}, Unit{"s", 1e9}};
constexpr std::array kSizeUnits{Unit{"B", 1},      Unit{"kB", 1e3},       Unit{"KB", 1e3},
                                Unit{"MB", 1e6},   Unit{"GB", 1e9},       Unit{"KiB", 1024},
                                Unit{"kiB", 1024}, Unit{"MiB", 1048576.}, Unit{"GiB", 1073741824.}};

constexpr const char* kDurationForm = "a duration is written \"20 ms\" (ns, us, ms or s)";
constexpr const char* kSizeForm = "a size is written \"64 kB\" (B, kB, MB, GB, KiB, MiB or GiB)";
constexpr const char* kSpreadForm = "a spread is written \"20 ms \u00b1 50 %\" (0 to 100 %)";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes a plain decimal number off the front: no sign, no "nan", no "inf".
std::optional<double> takeNumber(std::string_view& text) {
    if (text.empty() || text.front() < '0' || text.front() > '9') {
        return std::nullopt;
    }
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(number)) {
        return std::nullopt;
    }
    text = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
    return number;
}

/// A number with a unit, in the base unit.
std::expected<double, std::string> parseAmount(std::string_view text, std::span<const Unit> units,
                                               const char* form) {
    std::string_view rest = trimmed(text);
    if (rest.starts_with('-') || rest.starts_with("\u2212")) {
        return std::unexpected(fmt::format("{} is negative, {}", inQuotes(text), form));
    }
    const std::optional<double> number = takeNumber(rest);
    if (!number) {
        return std::unexpected(
            fmt::format("{} does not begin with a number, {}", inQuotes(text), form));
    }
    if (rest.empty()) {
        return std::unexpected(fmt::format("{} has no unit, {}", inQuotes(text), form));
    }
    for (const Unit& unit : units) {
        if (unit.name == rest) {
            return *number * unit.factor;
        }
    }
    return std::unexpected(
        fmt::format("{} is not a unit in {}, {}", inQuotes(rest), inQuotes(text), form));
}

std::expected<double, std::string> parseSpread(std::string_view text, std::string_view whole) {
    std::string_view rest = trimmed(text);
    const std::optional<double> percent = takeNumber(rest);
    if (!percent || rest != "%" || *percent > 100) {
        return std::unexpected(
            fmt::format("{} has no valid spread, {}", inQuotes(whole), kSpreadForm));
    }
    return *percent / 100;
}

} // namespace

std::expected<VariedDuration, std::string> parseDuration(std::string_view text) {
    VariedDuration duration;
    std::string_view amount = text;
    for (const std::string_view sign : {"\u00b1", "+-", "+/-"}) {
        const auto at = text.find(sign);
        if (at == std::string_view::npos) {
            continue;
        }
        const auto spread = parseSpread(text.substr(at + sign.size()), text);
        if (!spread) {
            return std::unexpected(spread.error());
        }
        duration.spread = *spread;
        amount = text.substr(0, at);
        break;
    }
    const auto ns = parseAmount(amount, kDurationUnits, kDurationForm);
    if (!ns) {
        return std::unexpected(ns.error());
    }
    if (*ns > static_cast<double>(kLongestDuration)) {
        return std::unexpected(
            fmt::format("{} is too long, at most \"86400 s\" is allowed", inQuotes(text)));
    }
    duration.nominalNs = std::llround(*ns);
    return duration;
}

std::expected<std::uint64_t, std::string> parseSize(std::string_view text) {
    const auto bytes = parseAmount(text, kSizeUnits, kSizeForm);
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    if (*bytes > static_cast<double>(kLargestSize)) {
        return std::unexpected(
            fmt::format("{} is too large, at most \"1 GiB\" is allowed", inQuotes(text)));
    }
    return static_cast<std::uint64_t>(std::llround(*bytes));
}

std::string textOf(const VariedDuration& duration) {
    Unit unit{"ns", 1};
    for (const Unit& candidate : {Unit{"\u00b5s", 1e3}, Unit{"ms", 1e6}, Unit{"s", 1e9}}) {
        if (static_cast<double>(duration.nominalNs) >= candidate.factor) {
            unit = candidate;
        }
    }
    std::string text =
        fmt::format("{} {}", static_cast<double>(duration.nominalNs) / unit.factor, unit.name);
    if (duration.spread > 0) {
        text += fmt::format(" \u00b1 {:.6g} %", duration.spread * 100);
    }
    return text;
}

} // namespace interleave::scenario
