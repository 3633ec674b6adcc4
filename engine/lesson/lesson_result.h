// SPDX-License-Identifier: GPL-3.0-or-later
// What came out of a lesson's runs: the numbers that its expressions name, its phenomena, and
// whether the exercise is solved.
#pragma once

#include "engine/analysis/statistics.h"
#include "engine/lesson/lesson.h"
#include "engine/lesson/lesson_runs.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::lesson {

/// The numbers of the runs by the names that expressions have for them. The lesson outlives it.
class LessonValues {
public:
    /// `results` are those of lesson.runs, in their order; one that was not made has no recording.
    LessonValues(const Lesson& lesson, std::vector<RunResult> results);

    std::optional<double> valueOf(std::string_view name) const;
    analysis::Expression::ValueOf lookup() const;

    const std::vector<RunResult>& results() const { return m_results; }
    const std::vector<std::optional<analysis::Statistics>>& statistics() const {
        return m_statistics;
    }

private:
    const Lesson& m_lesson;
    std::vector<RunResult> m_results;
    std::vector<std::optional<analysis::Statistics>> m_statistics;
};

struct PhenomenonSeen {
    bool isSeen = false;
    std::optional<double> number;
    std::string problem; // a number that it needs isn't known of these runs
};

PhenomenonSeen look(const Phenomenon& phenomenon, const LessonValues& values);

} // namespace interleave::lesson
