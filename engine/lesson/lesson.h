// SPDX-License-Identifier: GPL-3.0-or-later
// Lesson: what the files of a lesson's folder say, checked. Plain values; who asks the question and
// makes the runs is the caller's business. README.md here is the schema, for teachers.
#pragma once

#include "engine/analysis/expression.h"
#include "engine/base/result.h"
#include "engine/scenario/problems.h"
#include "engine/scenario/scenario.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interleave::lesson {

/// A run that the lesson makes: a scenario under a model, or a Python program that is recorded.
struct LessonRun {
    std::string name;  // how expressions call it: "threads"
    std::string title; // "Four threads, one lock": what people read
    std::string scenarioName;
    std::string model;
    std::optional<int> workers;
    std::vector<std::pair<std::string, std::string>> settings;
    std::vector<scenario::Fault> faults;
    std::string programName; // instead of scenario and model
    scenario::Position at;
    // Filled when the lesson's files are read:
    scenario::Scenario scenario;
    std::filesystem::path program;
};

/// An answer to choose; right is the first whose condition holds, or the one without.
struct Choice {
    std::string text;
    std::optional<analysis::Expression> when;
};

/// Something to be put in order, by a number of the runs, the least first.
struct OrderItem {
    std::string text;
    analysis::Expression by;
};

struct Question {
    enum class Kind {
        Choice,
        Number,
        Order,
        FinishLine, // a number too: how long run `run` takes; on screen it is dragged
    };
    Kind kind = Kind::Choice;
    std::string ask;
    std::string because; // said with the right answer
    std::vector<Choice> choices;
    std::vector<OrderItem> items;
    std::optional<analysis::Expression> answer; // of Number; of FinishLine its run's makespan
    std::string unit;                           // of the number; "s" for a finish line
    std::string run;                            // of FinishLine
    double tolerance = 0.1;                     // a prediction so near has the full score
};
std::string_view nameOf(Question::Kind kind); // "choice", "number", "order", "finish-line"

/// What a run of this lesson must show, and the number that proves it.
struct Phenomenon {
    std::string says;
    analysis::Expression holds;
    std::optional<analysis::Expression> number;
    std::string unit;
};

/// A parameter to play with. `key` is "workers" or one of the model's.
struct Play {
    std::string key;
    std::string run;
    std::vector<std::string> values; // to begin with; others are allowed
    std::string about;
};

struct Exercise {
    std::string ask;
    std::string run; // the one that the student changes
    analysis::Expression passes;
    std::string hint;
};

struct Lesson {
    std::string id; // the folder's name: "04-threads-and-the-gil"
    std::filesystem::path folder;
    std::string name;
    std::string goal;
    std::vector<std::string> concepts;
    bool showsFindings = false;
    std::string textFile = "text.md";
    std::string afterwardsFile = "afterwards.md";
    std::vector<LessonRun> runs;
    std::vector<Question> questions;
    std::vector<Phenomenon> phenomena;
    std::vector<Play> plays;
    std::optional<Exercise> exercise;
    // Filled when the lesson's files are read; both are Markdown:
    std::string text;
    std::string afterwards;
};

/// What lesson.toml says; `file` is for the messages. An error reads "file:line:column: what is
/// wrong, what is allowed". The files that it names are not looked at.
Result<Lesson> parseLesson(std::string_view text, const std::filesystem::path& file);

/// A lesson's folder with all that it names: texts, scenarios, programs; its runs are checked.
Result<Lesson> readLesson(const std::filesystem::path& folder);

/// The lessons that come with the program, in their order.
Result<std::vector<Lesson>> shippedLessons();

/// A folder, or a shipped lesson by its number ("4"), its name ("threads-and-the-gil") or both.
Result<Lesson> findLesson(const std::string& folderOrName);

} // namespace interleave::lesson
