// SPDX-License-Identifier: GPL-3.0-or-later
// A student's prediction: read from text, compared with what the runs say, scored. Pure.
#pragma once

#include "engine/lesson/lesson.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::lesson {

/// An answer to a question, predicted or right; which part counts depends on the question's kind.
struct Answer {
    std::size_t choice = 0;         // index into Question::choices
    double number = 0;              // in the question's unit
    std::vector<std::size_t> order; // indices into Question::items, the least first
};

/// "2" or "b" for a choice; "12" for a number; "620 ms" for a finish line; "2,1,3" or "b a c" for
/// an order. An error says what is wanted.
Result<Answer> parseAnswer(const Question& question, std::string_view text);

/// What the runs say.
Result<Answer> rightAnswer(const Question& question, const analysis::Expression::ValueOf& valueOf);

/// From 0 to 1. Of a choice: all or nothing. Of a number: 1 within the tolerance, falling to 0 at
/// three times too much or too little. Of an order: 1 if all pairs are the right way round, 0 if
/// half are or fewer, as by guessing; two that lie within 5 % of each other are right either way.
Result<double> scoreOf(const Question& question, const Answer& predicted,
                       const analysis::Expression::ValueOf& valueOf);

/// "b) Twice as fast", "620 ms", "threads, then processes".
std::string textOf(const Question& question, const Answer& answer);

/// A number with its unit as people read it: "620 ms" for 0.62 s, "45 %" for 0.45 in "%".
std::string numberText(double number, std::string_view unit);

/// 'a' for 0.
char letterOf(std::size_t index);

} // namespace interleave::lesson
