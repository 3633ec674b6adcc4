// SPDX-License-Identifier: GPL-3.0-or-later
// `lessons` and `lesson`: what there is to learn, and one lesson from its question to its exercise.
#include "app/commands/commands.h"
#include "app/commands/lesson_report.h"
#include "app/commands/lesson_runner.h"
#include "app/commands/save_run.h"
#include "app/exit_code.h"
#include "app/stop_on_signals.h"
#include "engine/lesson/lesson_result.h"
#include "engine/storage/atomic_file.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <iostream>
#include <unistd.h>

namespace interleave::app {

namespace {

using lesson::Lesson;
using lesson::LessonValues;
using Answers = std::vector<std::optional<lesson::Answer>>;

/// One for each question, as far as they were given; more are a mistake.
Result<Answers> answersOf(const Lesson& lesson, const std::vector<std::string>& texts) {
    if (texts.size() > lesson.questions.size()) {
        return fail(fmt::format("--answer was given {} times, the lesson asks {} question{}.",
                                texts.size(), lesson.questions.size(),
                                lesson.questions.size() == 1 ? "" : "s"));
    }
    Answers answers(lesson.questions.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto answer = lesson::parseAnswer(lesson.questions[i], texts[i]);
        if (!answer) {
            return std::unexpected(answer.error());
        }
        answers[i] = *answer;
    }
    return answers;
}

/// Asks at the terminal what was not answered on the command line; an empty line answers nothing.
void askAtTerminal(const Lesson& lesson, Answers& answers) {
    for (std::size_t i = 0; i < answers.size(); ++i) {
        std::string line;
        while (!answers[i]) {
            fmt::print("{} > ", answers.size() == 1 ? std::string("Your answer")
                                                    : fmt::format("Answer {}", i + 1));
            std::fflush(stdout);
            if (!std::getline(std::cin, line) || line.empty()) {
                break;
            }
            const auto answer = lesson::parseAnswer(lesson.questions[i], line);
            if (answer) {
                answers[i] = *answer;
            } else {
                std::fprintf(stderr, "interleave: %s\n", answer.error().message.c_str());
            }
        }
    }
}

Result<std::vector<lesson::Change>> changesOf(const std::vector<std::string>& texts) {
    std::vector<lesson::Change> changes;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            return fail(fmt::format("--play {}: write it as KEY=VALUE, e.g. workers=4.", text));
        }
        changes.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return changes;
}

/// Puts what the student changed into the exercise's run.
Result<void> play(Lesson& lesson, const std::vector<std::string>& texts) {
    const auto changes = changesOf(texts);
    if (!changes) {
        return std::unexpected(changes.error());
    }
    if (changes->empty()) {
        return {};
    }
    if (!lesson.exercise) {
        return fail(fmt::format("The lesson {} has no exercise to play with.", lesson.id));
    }
    const auto run = std::ranges::find(lesson.runs, lesson.exercise->run, &lesson::LessonRun::name);
    auto changed = lesson::changedRun(*run, *changes);
    if (!changed) {
        return std::unexpected(changed.error());
    }
    *run = std::move(*changed);
    return {};
}

Result<void> saveRuns(const Lesson& lesson, const LessonValues& values, const std::string& output) {
    if (output.empty()) {
        return {};
    }
    std::error_code error;
    std::filesystem::create_directories(output, error);
    if (error) {
        return fail(fmt::format("{}: the folder can't be made ({}); choose another one.", output,
                                error.message()));
    }
    for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
        const auto file = std::filesystem::path(output) / (lesson.runs[i].name + ".ilv");
        if (const auto saved = saveRun(*values.results()[i].recording, file); !saved) {
            return saved;
        }
    }
    return {};
}

bool areAllSeen(const Lesson& lesson, const LessonValues& values) {
    return std::ranges::all_of(lesson.phenomena, [&](const lesson::Phenomenon& phenomenon) {
        return lesson::look(phenomenon, values).isSeen;
    });
}

} // namespace

int listLessons(const ListOptions& options) {
    const auto lessons = lesson::shippedLessons();
    if (!lessons) {
        return report(lessons.error());
    }
    if (options.json) {
        printLessonsJson(*lessons);
        return kDone;
    }
    for (const Lesson& lesson : *lessons) {
        fmt::print("{:<40} {}: {}\n", lesson.id, lesson.name, lesson.goal);
    }
    return kDone;
}

int runLesson(const LessonOptions& options) {
    auto lesson = lesson::findLesson(options.lesson);
    if (!lesson) {
        return report(lesson.error());
    }
    auto answers = answersOf(*lesson, options.answers);
    if (!answers) {
        return report(answers.error());
    }
    const bool isPlaying = !options.changes.empty();
    if (const auto played = play(*lesson, options.changes); !played) {
        return report(played.error());
    }
    const bool isTalking = !options.json && !options.checks;
    if (isTalking && !isPlaying) {
        printBeforeRuns(*lesson);
        if (::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0) {
            askAtTerminal(*lesson, *answers);
        }
    }
    const StopOnSignals stop;
    auto results = runAll(*lesson, {options.broker, !isTalking}, stop.token());
    if (!results) {
        return report(results.error());
    }
    if (stop.token().stop_requested()) {
        return kInterrupted;
    }
    const LessonValues values(*lesson, std::move(*results));
    if (options.json) {
        printResultJson(*lesson, *answers, values);
    } else if (options.checks) {
        printPhenomena(*lesson, values);
    } else {
        printAfterRuns(*lesson, *answers, values, isPlaying);
    }
    if (const auto saved = saveRuns(*lesson, values, options.output); !saved) {
        return report(saved.error());
    }
    if (options.checks && !areAllSeen(*lesson, values)) {
        return kConditionMet;
    }
    return !isPlaying || isSolved(*lesson, values) ? kDone : kConditionMet;
}

} // namespace interleave::app
