// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of lesson.toml: each reads one table and reports its mistakes.
#pragma once

#include "engine/lesson/lesson.h"
#include "engine/scenario/table_reader.h"

#include <optional>
#include <span>

namespace interleave::lesson {

/// What every part needs.
struct LessonReading {
    scenario::Problems& problems;
    std::span<const LessonRun> runs{}; // once they are read
};

/// A text that has to be there.
std::string requiredText(scenario::TableReader& table, std::string_view key,
                         const LessonReading& reading, std::string_view example);

/// The expression of a key; none if it is absent or wrong.
std::optional<analysis::Expression> expressionOf(scenario::TableReader& table, std::string_view key,
                                                 analysis::Expression::Kind kind,
                                                 const LessonReading& reading);

/// The name of one of the lesson's runs: of the only one, if the key is left out.
std::string runNameOf(scenario::TableReader& table, const LessonReading& reading);

LessonRun readRun(scenario::TableReader& table, std::string_view scenarioOfLesson,
                  const LessonReading& reading);

std::optional<Question> readQuestion(scenario::TableReader& table, const LessonReading& reading);

} // namespace interleave::lesson
