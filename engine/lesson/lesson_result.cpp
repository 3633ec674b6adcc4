// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_result.h"

#include "engine/analysis/named_value.h"
#include "engine/lesson/lesson_names.h"

namespace interleave::lesson {

LessonValues::LessonValues(const Lesson& lesson, std::vector<RunResult> results)
    : m_lesson(lesson)
    , m_results(std::move(results)) {
    m_results.resize(lesson.runs.size());
    for (const RunResult& result : m_results) {
        m_statistics.push_back(result.recording
                                   ? std::optional(analysis::statisticsOf(*result.recording))
                                   : std::nullopt);
    }
}

std::optional<double> LessonValues::valueOf(std::string_view name) const {
    const auto split = splitName(m_lesson.runs, name);
    if (!split || !m_statistics[split->run]) {
        return std::nullopt;
    }
    const RunResult& result = m_results[split->run];
    if (split->value == kExitCode) {
        return result.exitCode;
    }
    return analysis::totalNamed(split->value, *result.recording, *m_statistics[split->run]);
}

analysis::Expression::ValueOf LessonValues::lookup() const {
    return [this](std::string_view name) { return valueOf(name); };
}

PhenomenonSeen look(const Phenomenon& phenomenon, const LessonValues& values) {
    PhenomenonSeen seen;
    const auto holds = phenomenon.holds.holds(values.lookup());
    if (!holds) {
        seen.problem = holds.error().message;
        return seen;
    }
    seen.isSeen = *holds;
    if (phenomenon.number) {
        const auto number = phenomenon.number->value(values.lookup());
        seen.number = number ? std::optional(*number) : std::nullopt;
        seen.problem = number ? "" : number.error().message;
    }
    return seen;
}

} // namespace interleave::lesson
