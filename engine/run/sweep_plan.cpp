// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/sweep_plan.h"

#include "engine/scenario/problems.h"
#include "engine/scenario/quantity.h"
#include "engine/scenario/scaling.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace interleave::run {

namespace {

constexpr std::string_view kSweepForms =
    "write it KEY=1..16, KEY=1..16 step 5, KEY=1ms..16ms or KEY=1,2,4,8";
constexpr double kIoShareStep = 10;

std::string_view stripped(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool isShareKey(std::string_view key) {
    return key == "io_share" || key == "task_size";
}

std::optional<double> plainNumber(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(number)
               ? std::optional(number)
               : std::nullopt;
}

/// A value by itself: 4, 5 ms, 30 %, fork.
struct SweepEnd {
    double x = 0;
    std::string unit; // "", "s", "%"; "word" for what is no number
};

SweepEnd endOf(std::string_view key, std::string_view text) {
    if (isShareKey(key) || text.ends_with('%')) {
        const auto number =
            plainNumber(stripped(text.ends_with('%') ? text.substr(0, text.size() - 1) : text));
        return number ? SweepEnd{*number, "%"} : SweepEnd{0, "word"};
    }
    if (const auto number = plainNumber(text)) {
        return {*number, ""};
    }
    const auto duration = scenario::parseDuration(text);
    return duration && duration->spread == 0 ? SweepEnd{toSeconds(duration->nominalNs), "s"}
                                             : SweepEnd{0, "word"};
}

std::string textOf(double x, std::string_view unit) {
    if (unit == "s") {
        return scenario::textOf({static_cast<Nanoseconds>(std::llround(x * 1e9)), 0});
    }
    return unit == "%" ? fmt::format("{:g} %", x) : fmt::format("{:g}", x);
}

std::unexpected<Error> badSweep(std::string_view text, std::string_view what) {
    return fail(fmt::format("--sweep {}: {}; {}.", scenario::inQuotes(text), what, kSweepForms));
}

Result<void> addList(SweepPlan& plan, std::string_view values, std::string_view whole) {
    std::size_t at = 0;
    bool isFirst = true;
    while (at <= values.size()) {
        const std::size_t comma = std::min(values.find(',', at), values.size());
        const std::string_view value = stripped(values.substr(at, comma - at));
        if (value.empty()) {
            return badSweep(whole, "a value is empty");
        }
        const SweepEnd end = endOf(plan.key, value);
        if (!isFirst && end.unit != plan.unit) {
            return badSweep(whole, "its values are of different kinds");
        }
        isFirst = false;
        plan.unit = end.unit;
        const bool isWord = end.unit == "word";
        plan.values.push_back({isWord ? std::string(value) : textOf(end.x, end.unit),
                               isWord ? static_cast<double>(plan.values.size() + 1) : end.x});
        at = comma + 1;
    }
    plan.unit = plan.unit == "word" ? "" : plan.unit;
    return {};
}

Result<void> addRange(SweepPlan& plan, std::string_view values, std::string_view whole) {
    const std::size_t dots = values.find("..");
    const std::size_t word = values.find("step");
    const SweepEnd first = endOf(plan.key, stripped(values.substr(0, dots)));
    const SweepEnd last =
        endOf(plan.key, stripped(values.substr(dots + 2, word == std::string_view::npos
                                                             ? std::string_view::npos
                                                             : word - dots - 2)));
    if (first.unit == "word" || first.unit != last.unit || first.x >= last.x) {
        return badSweep(whole, "a range goes from a number or a duration to a greater one");
    }
    plan.unit = first.unit;
    const bool isDoubling = word == std::string_view::npos && plan.unit == "s";
    double step = plan.unit == "%" ? kIoShareStep : 1;
    if (word != std::string_view::npos) {
        const SweepEnd given = endOf(plan.key, stripped(values.substr(word + 4)));
        if (given.unit != plan.unit || given.x <= 0) {
            return badSweep(whole, "its step is no such number, or not above 0");
        }
        step = given.x;
    }
    if (isDoubling && first.x <= 0) {
        return badSweep(whole, "durations double from the first one, which has to be above 0");
    }
    // A little more than the last: 0.1 + 0.1 + 0.1 is not 0.3.
    for (double i = 0; plan.values.size() <= kMostSweepPoints; ++i) {
        const double x = isDoubling ? first.x * std::exp2(i) : first.x + i * step;
        if (x > last.x + (last.x - first.x) * 1e-9) {
            break;
        }
        plan.values.push_back({textOf(x, plan.unit), x});
    }
    return {};
}

} // namespace

Result<SweepPlan> parseSweep(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || stripped(text.substr(0, equals)).empty()) {
        return badSweep(text, "it names no parameter");
    }
    SweepPlan plan;
    plan.key = stripped(text.substr(0, equals));
    const std::string_view values = stripped(text.substr(equals + 1));
    const auto added = values.find("..") == std::string_view::npos ? addList(plan, values, text)
                                                                   : addRange(plan, values, text);
    if (!added) {
        return std::unexpected(added.error());
    }
    if (plan.values.size() > kMostSweepPoints) {
        return badSweep(text, fmt::format("it has more than {} values", kMostSweepPoints));
    }
    for (const SweepValue& value : plan.values) {
        if (plan.key == "workers" &&
            (plan.unit != "" || value.x < 1 || value.x != std::floor(value.x))) {
            return badSweep(text, "workers are whole numbers from 1");
        }
        if (plan.key == "io_share" && (plan.unit != "%" || value.x < 0 || value.x > 100)) {
            return badSweep(text, "io_share is per cent from 0 to 100");
        }
        if (plan.key == "task_size" && (plan.unit != "%" || value.x < 1 || value.x > 10'000)) {
            return badSweep(text, "task_size is per cent of the scenario's, from 1 to 10000");
        }
    }
    return plan;
}

Result<RunRequest> requestAt(RunRequest request, const SweepPlan& plan, const SweepValue& value) {
    if (plan.key == "workers") {
        request.workers = static_cast<int>(std::min(value.x, 1e9));
    } else if (plan.key == "io_share") {
        request.scenario = scenario::withIoShare(std::move(request.scenario), value.x / 100);
    } else if (plan.key == "task_size") {
        auto scaled = scenario::withTaskSize(std::move(request.scenario), value.x / 100);
        if (!scaled) {
            return std::unexpected(scaled.error());
        }
        request.scenario = std::move(*scaled);
    } else {
        request.settings.emplace_back(plan.key, value.text);
    }
    return request;
}

} // namespace interleave::run
