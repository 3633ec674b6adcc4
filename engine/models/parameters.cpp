// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/parameters.h"

#include "engine/base/check.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace interleave::models {

namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<double> parseNumber(std::string_view text, std::string_view& rest) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !std::isfinite(number)) {
        return std::nullopt;
    }
    rest = text.substr(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::optional<double> parseCount(std::string_view text) {
    std::string_view rest;
    const auto number = parseNumber(trimmed(text), rest);
    if (!number || !rest.empty() || *number != std::floor(*number)) {
        return std::nullopt;
    }
    return number;
}

std::optional<double> parseAs(const std::string& unit, std::string_view text) {
    if (unit == "count") {
        return parseCount(text);
    }
    const auto duration = parseDuration(text);
    return duration ? std::optional(static_cast<double>(*duration)) : std::nullopt;
}

bool isInRange(const ParameterInfo& parameter, const std::string& value) {
    const auto number = parseAs(parameter.unit, value);
    const std::size_t to = parameter.range.find(" to ");
    if (!number || to == std::string::npos) {
        return number.has_value();
    }
    const auto least = parseAs(parameter.unit, std::string_view(parameter.range).substr(0, to));
    const auto most = parseAs(parameter.unit, std::string_view(parameter.range).substr(to + 4));
    CHECK(least && most);
    return *least <= *number && *number <= *most;
}

bool isChoice(const ParameterInfo& parameter, std::string_view value) {
    std::string_view rest = parameter.range;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (trimmed(rest.substr(0, comma)) == value) {
            return true;
        }
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return false;
}

} // namespace

std::optional<Nanoseconds> parseDuration(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{
        {"ns", 1.0},
        {"us", 1e3},
        {"µs", 1e3},
        {"μs", 1e3}, // micro sign and Greek mu
        {"ms", 1e6},
        {"s", 1e9},
        {"min", 60e9},
        {"h", 3600e9},
    }};
    std::string_view rest;
    const auto number = parseNumber(trimmed(text), rest);
    if (!number || *number < 0) {
        return std::nullopt;
    }
    rest = trimmed(rest);
    for (const auto& [name, nanoseconds] : kUnits) {
        if (rest == name && *number * nanoseconds < 9e18) {
            return static_cast<Nanoseconds>(std::llround(*number * nanoseconds));
        }
    }
    return std::nullopt;
}

Result<void> checkValue(const ParameterInfo& parameter, const std::string& value) {
    if (parameter.unit == "command") {
        return trimmed(value).empty() ? fail(fmt::format("--set {}={}: {} must be {}, like \"{}\".",
                                                         parameter.key, value, parameter.key,
                                                         parameter.range, parameter.defaultValue))
                                      : Result<void>();
    }
    if (parameter.unit == "choice" || parameter.unit == "bool") {
        const std::string choices = parameter.unit == "bool" ? "true, false" : parameter.range;
        ParameterInfo asChoice = parameter;
        asChoice.range = choices;
        if (!isChoice(asChoice, value)) {
            return fail(fmt::format("--set {}={}: \"{}\" is not one of {}.", parameter.key, value,
                                    value, choices));
        }
        return {};
    }
    if (!isInRange(parameter, value)) {
        const bool isDuration = parameter.unit == "duration";
        return fail(fmt::format("--set {}={}: {} must be a {} from {}, like \"{}\".", parameter.key,
                                value, parameter.key, isDuration ? "duration" : "whole number",
                                parameter.range, parameter.defaultValue));
    }
    return {};
}

const std::string& textParameter(const Parameters& parameters, const std::string& key) {
    const auto found = parameters.find(key);
    CHECK(found != parameters.end());
    return found->second;
}

Nanoseconds durationParameter(const Parameters& parameters, const std::string& key) {
    const auto duration = parseDuration(textParameter(parameters, key));
    CHECK(duration.has_value());
    return *duration;
}

} // namespace interleave::models
