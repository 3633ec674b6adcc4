// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/lesson_report.h"

#include "app/commands/print_json.h"
#include "engine/analysis/comparison.h"
#include "engine/findings/findings.h"

#include <cstdio>
#include <fmt/format.h>

namespace interleave::app {

namespace {

using lesson::Answer;
using lesson::Lesson;
using lesson::LessonValues;
using lesson::Question;

void printQuestion(const Question& question, std::size_t number, std::size_t count) {
    fmt::print("\nQuestion{}: {}\n", count > 1 ? fmt::format(" {}", number) : "", question.ask);
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
        fmt::print("  {}) {}\n", lesson::letterOf(i), question.choices[i].text);
    }
    for (std::size_t i = 0; i < question.items.size(); ++i) {
        fmt::print("  {}) {}\n", lesson::letterOf(i), question.items[i].text);
    }
    switch (question.kind) {
    case Question::Kind::Choice:
        fmt::print("  (one letter)\n");
        break;
    case Question::Kind::Order:
        fmt::print("  (letters, the least first: b,a,...)\n");
        break;
    case Question::Kind::FinishLine:
        fmt::print("  (a duration, e.g. \"620 ms\")\n");
        break;
    case Question::Kind::Number:
        fmt::print("  (a number{})\n", question.unit.empty() ? "" : ", in " + question.unit);
    }
}

/// The runs as `compare` has them, each under the title that the lesson gives it.
void printRuns(const Lesson& lesson, const LessonValues& values) {
    std::vector<std::shared_ptr<const recording::Recording>> recordings;
    for (const lesson::RunResult& result : values.results()) {
        recordings.push_back(result.recording);
    }
    analysis::Comparison comparison = analysis::compare(recordings);
    for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
        comparison.rows[i].label = lesson.runs[i].title;
    }
    std::fputs(analysis::comparisonTable(comparison).c_str(), stdout);
}

void printAnswer(const Question& question, const std::optional<Answer>& predicted,
                 const LessonValues& values) {
    fmt::print("\n{}\n", question.ask);
    const auto right = lesson::rightAnswer(question, values.lookup());
    if (!right) {
        fmt::print("  no answer   {}\n", right.error().message);
        return;
    }
    if (predicted) {
        const auto score = lesson::scoreOf(question, *predicted, values.lookup());
        fmt::print("  predicted   {}\n", lesson::textOf(question, *predicted));
        fmt::print("  measured    {}\n", lesson::textOf(question, *right));
        fmt::print("  score       {:.0f} of 100\n", score.value_or(0) * 100);
    } else {
        fmt::print("  measured    {}\n", lesson::textOf(question, *right));
    }
    if (!question.because.empty()) {
        fmt::print("  because     {}\n", question.because);
    }
}

/// Where the lesson wants it: what stands out in each run by itself.
void printFindingsOf(const Lesson& lesson, const LessonValues& values) {
    if (!lesson.showsFindings) {
        return;
    }
    for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
        const auto found = findings::findingsOf(*values.results()[i].recording);
        fmt::print("\nFindings, {}:\n{}", lesson.runs[i].title, findings::findingsText(found));
    }
}

void printExercise(const Lesson& lesson, const LessonValues& values, bool isPlaying) {
    if (!lesson.exercise) {
        return;
    }
    fmt::print("\nExercise: {}\n", lesson.exercise->ask);
    if (isPlaying) {
        fmt::print("{}\n", isSolved(lesson, values) ? "Solved." : "Not solved yet.");
        if (!isSolved(lesson, values) && !lesson.exercise->hint.empty()) {
            fmt::print("Hint: {}\n", lesson.exercise->hint);
        }
        return;
    }
    for (const lesson::Play& play : lesson.plays) {
        fmt::print("  --play {}={}   {}\n", play.key,
                   play.values.empty() ? "VALUE" : play.values.front(), play.about);
    }
}

nlohmann::ordered_json questionJson(const Question& question) {
    nlohmann::ordered_json json{{"kind", std::string(nameOf(question.kind))},
                                {"ask", question.ask}};
    for (const auto& choice : question.choices) {
        json["choices"].push_back(choice.text);
    }
    for (const auto& item : question.items) {
        json["items"].push_back(item.text);
    }
    if (!question.unit.empty()) {
        json["unit"] = question.unit;
    }
    if (!question.run.empty()) {
        json["run"] = question.run;
    }
    return json;
}

nlohmann::ordered_json runJson(const lesson::LessonRun& run) {
    nlohmann::ordered_json json{{"name", run.name}, {"title", run.title}};
    if (!run.programName.empty()) {
        json["program"] = run.programName;
        return json;
    }
    json["scenario"] = run.scenarioName;
    json["model"] = run.model;
    if (run.workers) {
        json["workers"] = *run.workers;
    }
    for (const auto& [key, value] : run.settings) {
        json["set"][key] = value;
    }
    return json;
}

nlohmann::ordered_json answerJson(const Question& question, const std::optional<Answer>& predicted,
                                  const LessonValues& values) {
    nlohmann::ordered_json json = questionJson(question);
    const auto right = lesson::rightAnswer(question, values.lookup());
    if (right) {
        json["right"] = lesson::textOf(question, *right);
        if (question.answer) {
            json["right_value"] = right->number;
        }
    }
    if (predicted) {
        json["predicted"] = lesson::textOf(question, *predicted);
        if (const auto score = lesson::scoreOf(question, *predicted, values.lookup())) {
            json["score"] = *score;
        }
    }
    return json;
}

} // namespace

bool isSolved(const Lesson& lesson, const LessonValues& values) {
    return !lesson.exercise || lesson.exercise->passes.holds(values.lookup()).value_or(false);
}

void printBeforeRuns(const Lesson& lesson) {
    fmt::print("{}\n{}\n\n{}", lesson.name, lesson.goal, lesson.text);
    for (std::size_t i = 0; i < lesson.questions.size(); ++i) {
        printQuestion(lesson.questions[i], i + 1, lesson.questions.size());
    }
    fmt::print("\n");
}

void printPhenomena(const Lesson& lesson, const LessonValues& values) {
    for (const lesson::Phenomenon& phenomenon : lesson.phenomena) {
        const lesson::PhenomenonSeen seen = lesson::look(phenomenon, values);
        fmt::print("{}  {}{}\n", seen.isSeen ? "seen    " : "not seen", phenomenon.says,
                   seen.number
                       ? fmt::format(" ({})", lesson::numberText(*seen.number, phenomenon.unit))
                       : "");
        if (!seen.problem.empty()) {
            fmt::print("          {}\n", seen.problem);
        }
    }
}

void printAfterRuns(const Lesson& lesson, std::span<const std::optional<Answer>> answers,
                    const LessonValues& values, bool isPlaying) {
    printRuns(lesson, values);
    if (!isPlaying) {
        for (std::size_t i = 0; i < lesson.questions.size(); ++i) {
            printAnswer(lesson.questions[i], answers[i], values);
        }
        fmt::print("\n");
        printPhenomena(lesson, values);
        printFindingsOf(lesson, values);
        if (!lesson.afterwards.empty()) {
            fmt::print("\n{}", lesson.afterwards);
        }
    }
    printExercise(lesson, values, isPlaying);
}

void printLessonsJson(const std::vector<Lesson>& lessons) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Lesson& lesson : lessons) {
        nlohmann::ordered_json json{{"id", lesson.id},
                                    {"name", lesson.name},
                                    {"goal", lesson.goal},
                                    {"folder", lesson.folder.string()},
                                    {"concepts", lesson.concepts},
                                    {"findings", lesson.showsFindings}};
        for (const auto& run : lesson.runs) {
            json["runs"].push_back(runJson(run));
        }
        for (const auto& question : lesson.questions) {
            json["questions"].push_back(questionJson(question));
        }
        for (const auto& phenomenon : lesson.phenomena) {
            json["phenomena"].push_back(
                {{"says", phenomenon.says}, {"holds", phenomenon.holds.text()}});
        }
        if (lesson.exercise) {
            json["exercise"] = {{"ask", lesson.exercise->ask},
                                {"run", lesson.exercise->run},
                                {"passes", lesson.exercise->passes.text()}};
        }
        list.push_back(std::move(json));
    }
    printJson(list);
}

void printResultJson(const Lesson& lesson, std::span<const std::optional<Answer>> answers,
                     const LessonValues& values) {
    nlohmann::ordered_json json{{"id", lesson.id}, {"name", lesson.name}};
    for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
        nlohmann::ordered_json run = runJson(lesson.runs[i]);
        run["makespan_s"] = toSeconds(values.statistics()[i]->makespanNs);
        if (const auto& code = values.results()[i].exitCode) {
            run["exit_code"] = *code;
        }
        if (lesson.showsFindings) {
            const auto& recording = *values.results()[i].recording;
            run["findings"] = nlohmann::ordered_json::parse(
                findings::findingsJson(recording, findings::findingsOf(recording)));
        }
        json["runs"].push_back(std::move(run));
    }
    for (std::size_t i = 0; i < lesson.questions.size(); ++i) {
        json["questions"].push_back(answerJson(lesson.questions[i], answers[i], values));
    }
    for (const lesson::Phenomenon& phenomenon : lesson.phenomena) {
        const lesson::PhenomenonSeen seen = lesson::look(phenomenon, values);
        nlohmann::ordered_json item{{"says", phenomenon.says}, {"seen", seen.isSeen}};
        if (seen.number) {
            item["number"] = *seen.number;
            item["unit"] = phenomenon.unit;
        }
        if (!seen.problem.empty()) {
            item["problem"] = seen.problem;
        }
        json["phenomena"].push_back(std::move(item));
    }
    if (lesson.exercise) {
        json["exercise"] = {{"ask", lesson.exercise->ask}, {"solved", isSolved(lesson, values)}};
    }
    printJson(json);
}

} // namespace interleave::app
