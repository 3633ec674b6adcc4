// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_outcome.h"

#include <cmath>

namespace interleave::ui {

std::vector<QuestionOutcome> outcomesOf(const lesson::Lesson& lesson,
                                        std::span<const std::optional<lesson::Answer>> predictions,
                                        const lesson::LessonValues& values) {
    std::vector<QuestionOutcome> outcomes;
    for (std::size_t i = 0; i < lesson.questions.size(); ++i) {
        const lesson::Question& question = lesson.questions[i];
        QuestionOutcome outcome;
        outcome.predicted = i < predictions.size() ? predictions[i] : std::nullopt;
        if (const auto right = lesson::rightAnswer(question, values.lookup())) {
            outcome.right = *right;
        } else {
            outcome.problem = right.error().message;
        }
        if (outcome.predicted) {
            outcome.score =
                lesson::scoreOf(question, *outcome.predicted, values.lookup()).value_or(0);
        }
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

std::optional<int> scoreOf(std::span<const QuestionOutcome> outcomes) {
    double sum = 0;
    int answered = 0;
    for (const QuestionOutcome& outcome : outcomes) {
        if (outcome.right) {
            sum += outcome.score;
            ++answered;
        }
    }
    return answered == 0 ? std::nullopt
                         : std::optional(static_cast<int>(std::lround(100 * sum / answered)));
}

bool isSolved(const lesson::Exercise& exercise, const lesson::LessonValues& values) {
    return exercise.passes.holds(values.lookup()).value_or(false);
}

} // namespace interleave::ui
