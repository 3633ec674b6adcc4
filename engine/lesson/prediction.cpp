// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/prediction.h"

#include "engine/base/time.h"
#include "engine/scenario/quantity.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <optional>

namespace interleave::lesson {

namespace {

constexpr double kWorstFactor = 3; // a prediction so far off has no score
constexpr double kTieShare = 0.05; // of the greater one

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\n\r");
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(" \t\n\r") - begin + 1);
}

std::optional<double> numberIn(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(number)
               ? std::optional(number)
               : std::nullopt;
}

/// "2" or "b": which of `count`.
std::optional<std::size_t> indexIn(std::string_view text, std::size_t count) {
    if (text.size() == 1 && ((text[0] | 0x20) >= 'a') && ((text[0] | 0x20) <= 'z')) {
        const auto index = static_cast<std::size_t>((text[0] | 0x20) - 'a');
        return index < count ? std::optional(index) : std::nullopt;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number >= 1 &&
                   number <= count
               ? std::optional(number - 1)
               : std::nullopt;
}

Result<Answer> parseChoice(const Question& question, std::string_view text) {
    if (const auto index = indexIn(text, question.choices.size())) {
        return Answer{.choice = *index, .number = 0, .order = {}};
    }
    return fail(fmt::format("The answer {} is none of the choices, give a to {}.",
                            scenario::inQuotes(text), letterOf(question.choices.size() - 1)));
}

Result<Answer> parseOrder(const Question& question, std::string_view text) {
    std::vector<std::size_t> order;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find_first_of(", ><", at), text.size());
        if (end > at) {
            const auto index = indexIn(text.substr(at, end - at), question.items.size());
            if (!index || std::ranges::find(order, *index) != order.end()) {
                order.clear();
                break;
            }
            order.push_back(*index);
        }
        at = end + 1;
    }
    if (order.size() != question.items.size()) {
        return fail(fmt::format("The answer {} is not an order of all {}, write their letters, the "
                                "least first: b,a,...",
                                scenario::inQuotes(text), question.items.size()));
    }
    return Answer{.choice = 0, .number = 0, .order = std::move(order)};
}

Result<Answer> parseNumber(const Question& question, std::string_view text) {
    const auto of = [](double number) {
        return Answer{.choice = 0, .number = number, .order = {}};
    };
    if (question.unit == "s") {
        if (const auto duration = scenario::parseDuration(text); duration && !duration->spread) {
            return of(toSeconds(duration->nominalNs));
        }
        if (const auto number = numberIn(text); number && *number >= 0) {
            return of(*number);
        }
        return fail(fmt::format("The answer {} is no duration, write it \"620 ms\".",
                                scenario::inQuotes(text)));
    }
    std::string_view digits = text;
    if (!question.unit.empty() && digits.ends_with(question.unit)) {
        digits = trimmed(digits.substr(0, digits.size() - question.unit.size()));
    }
    if (const auto number = numberIn(digits)) {
        return of(question.unit == "%" ? *number / 100 : *number);
    }
    return fail(
        fmt::format("The answer {} is no number{}.", scenario::inQuotes(text),
                    question.unit.empty() ? "" : fmt::format(", give the {}", question.unit)));
}

/// How far apart two numbers are as a factor of at least 1; none where that has no meaning.
std::optional<double> factorBetween(double a, double b) {
    if (a == b) {
        return 1;
    }
    if (a == 0 || b == 0 || (a < 0) != (b < 0)) {
        return std::nullopt;
    }
    return std::max(a / b, b / a);
}

double scoreOfNumber(double predicted, double right, double tolerance) {
    const auto factor = factorBetween(predicted, right);
    if (!factor || *factor >= kWorstFactor) {
        return 0;
    }
    const double full = std::log(1 + tolerance);
    return std::clamp(
        (std::log(kWorstFactor) - std::log(*factor)) / (std::log(kWorstFactor) - full), 0.0, 1.0);
}

Result<std::vector<double>> valuesOfItems(const Question& question,
                                          const analysis::Expression::ValueOf& valueOf) {
    std::vector<double> values;
    for (const OrderItem& item : question.items) {
        const auto value = item.by.value(valueOf);
        if (!value) {
            return std::unexpected(value.error());
        }
        values.push_back(*value);
    }
    return values;
}

/// Half of all pairs are right by guessing: that is worth nothing.
double scoreOfOrder(const std::vector<std::size_t>& order, const std::vector<double>& values) {
    int pairs = 0;
    int right = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size(); ++j) {
            const double first = values[order[i]];
            const double second = values[order[j]];
            const double near = kTieShare * std::max(std::abs(first), std::abs(second));
            ++pairs;
            right += first <= second + near ? 1 : 0;
        }
    }
    return pairs == 0 ? 1 : std::max(0.0, 2.0 * right / pairs - 1);
}

} // namespace

char letterOf(std::size_t index) {
    return static_cast<char>('a' + index);
}

Result<Answer> parseAnswer(const Question& question, std::string_view text) {
    switch (question.kind) {
    case Question::Kind::Choice:
        return parseChoice(question, trimmed(text));
    case Question::Kind::Order:
        return parseOrder(question, trimmed(text));
    default:
        return parseNumber(question, trimmed(text));
    }
}

Result<Answer> rightAnswer(const Question& question, const analysis::Expression::ValueOf& valueOf) {
    Answer answer;
    if (question.kind == Question::Kind::Choice) {
        for (std::size_t i = 0; i < question.choices.size(); ++i) {
            const auto& when = question.choices[i].when;
            if (!when) {
                answer.choice = i; // unless another one's condition holds
                continue;
            }
            const auto holds = when->holds(valueOf);
            if (!holds) {
                return std::unexpected(holds.error());
            }
            if (*holds) {
                answer.choice = i;
                return answer;
            }
        }
        return answer;
    }
    if (question.kind == Question::Kind::Order) {
        const auto values = valuesOfItems(question, valueOf);
        if (!values) {
            return std::unexpected(values.error());
        }
        answer.order.resize(values->size());
        std::iota(answer.order.begin(), answer.order.end(), std::size_t{0});
        std::ranges::stable_sort(answer.order, {}, [&](std::size_t i) { return (*values)[i]; });
        return answer;
    }
    const auto number = question.answer->value(valueOf);
    if (!number) {
        return std::unexpected(number.error());
    }
    answer.number = *number;
    return answer;
}

Result<double> scoreOf(const Question& question, const Answer& predicted,
                       const analysis::Expression::ValueOf& valueOf) {
    const auto right = rightAnswer(question, valueOf);
    if (!right) {
        return std::unexpected(right.error());
    }
    switch (question.kind) {
    case Question::Kind::Choice:
        return predicted.choice == right->choice ? 1 : 0;
    case Question::Kind::Order: {
        const auto values = valuesOfItems(question, valueOf);
        return values ? Result<double>(scoreOfOrder(predicted.order, *values))
                      : std::unexpected(values.error());
    }
    default:
        return scoreOfNumber(predicted.number, right->number, question.tolerance);
    }
}

std::string numberText(double number, std::string_view unit) {
    if (unit == "s" && std::abs(number) < 1e9) {
        return formatDuration(static_cast<Nanoseconds>(std::llround(number * 1e9)));
    }
    if (unit == "%") {
        return fmt::format("{:.3g} %", number * 100);
    }
    const bool isWhole = number == std::round(number) && std::abs(number) < 1e15;
    const std::string digits =
        isWhole ? fmt::format("{:.0f}", number) : fmt::format("{:.3g}", number);
    return unit.empty() ? digits : fmt::format("{} {}", digits, unit);
}

std::string textOf(const Question& question, const Answer& answer) {
    if (question.kind == Question::Kind::Choice) {
        return fmt::format("{}) {}", letterOf(answer.choice), question.choices[answer.choice].text);
    }
    if (question.kind == Question::Kind::Order) {
        std::string text;
        for (const std::size_t index : answer.order) {
            text += (text.empty() ? "" : ", then ") + question.items[index].text;
        }
        return text;
    }
    return numberText(answer.number, question.unit);
}

} // namespace interleave::lesson
