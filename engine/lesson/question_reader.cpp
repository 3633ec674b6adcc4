// SPDX-License-Identifier: GPL-3.0-or-later
// [[question]]: what is asked before the runs, and how the right answer comes out of them.
#include "engine/lesson/lesson_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace interleave::lesson {

using analysis::Expression;
using scenario::TableReader;
using scenario::Value;

namespace {

constexpr std::string_view kKinds[] = {"choice", "number", "order", "finish-line"};
constexpr std::size_t kMostAnswers = 20;

std::optional<Question::Kind> readKind(TableReader& table, const LessonReading& reading) {
    const auto kind = table.text("kind");
    const auto* const known = std::ranges::find(kKinds, kind.value_or(""));
    if (known == std::end(kKinds)) {
        const Value* value = table.find("kind");
        reading.problems.report(
            value != nullptr ? value->position : table.position(),
            fmt::format("the kind of a question is {}", scenario::listed(kKinds, "or")));
        return std::nullopt;
    }
    return static_cast<Question::Kind>(known - std::begin(kKinds));
}

/// The tables of a list such as choices = [{ text = "...", when = "..." }].
std::vector<const Value*> answersOf(TableReader& table, std::string_view key,
                                    const LessonReading& reading) {
    auto tables = table.tables(key);
    if (tables.size() < 2 || tables.size() > kMostAnswers) {
        reading.problems.report(table.position(),
                                fmt::format("{} needs 2 to {} {}, each {{ text = \"...\" }}",
                                            table.what(), kMostAnswers, key));
    }
    return tables;
}

void readChoices(TableReader& table, Question& question, const LessonReading& reading) {
    int otherwise = 0;
    for (const Value* item : answersOf(table, "choices", reading)) {
        TableReader choice(*item, "a choice", reading.problems);
        question.choices.push_back(
            {requiredText(choice, "text", reading, "Twice as fast"),
             expressionOf(choice, "when", Expression::Kind::Condition, reading)});
        otherwise += choice.find("when") == nullptr ? 1 : 0;
        choice.refuseOthers();
    }
    if (otherwise != 1) {
        reading.problems.report(table.position(),
                                "one choice has no \"when\": it is right if none of the others is");
    }
}

void readItems(TableReader& table, Question& question, const LessonReading& reading) {
    for (const Value* value : answersOf(table, "items", reading)) {
        TableReader item(*value, "an item", reading.problems);
        std::string text = requiredText(item, "text", reading, "threads");
        auto by = expressionOf(item, "by", Expression::Kind::Number, reading);
        if (item.find("by") == nullptr) {
            reading.problems.report(item.position(),
                                    "an item needs the number that it is ordered by, add by = "
                                    "\"threads.makespan_s\"");
        }
        if (by) {
            question.items.push_back({std::move(text), std::move(*by)});
        }
        item.refuseOthers();
    }
}

void readNumber(TableReader& table, Question& question, const LessonReading& reading) {
    if (question.kind == Question::Kind::FinishLine) {
        question.run = runNameOf(table, reading);
        question.unit = 's'; // not a text: GCC 12 warns of its own inlining
        auto makespan = Expression::parse(question.run + ".makespan_s", Expression::Kind::Number,
                                          [](std::string_view) { return Result<void>(); });
        if (!question.run.empty() && makespan) {
            question.answer = std::move(*makespan);
        }
    } else {
        question.unit = table.text("unit").value_or("");
        question.answer = expressionOf(table, "answer", Expression::Kind::Number, reading);
        if (table.find("answer") == nullptr) {
            reading.problems.report(table.position(), "the question has no answer, add answer = "
                                                      "\"threads.parallelism_max\"");
        }
    }
    if (const auto percent = table.integer("tolerance", 0, 100)) {
        question.tolerance = static_cast<double>(*percent) / 100;
    }
}

} // namespace

std::string_view nameOf(Question::Kind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<Question> readQuestion(TableReader& table, const LessonReading& reading) {
    Question question;
    const auto kind = readKind(table, reading);
    if (!kind) {
        return std::nullopt;
    }
    question.kind = *kind;
    question.ask = requiredText(table, "ask", reading, "Which one ends first?");
    question.because = table.text("because").value_or("");
    if (question.kind == Question::Kind::Choice) {
        readChoices(table, question, reading);
    } else if (question.kind == Question::Kind::Order) {
        readItems(table, question, reading);
    } else {
        readNumber(table, question, reading);
    }
    table.refuseOthers();
    return question;
}

} // namespace interleave::lesson
