// SPDX-License-Identifier: GPL-3.0-or-later
// From lesson.toml to a Lesson: the root, and what is to be seen and done. Runs and questions are
// read by lesson_reader and question_reader.
#include "engine/lesson/lesson_reader.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::lesson {

using analysis::Expression;
using scenario::Problems;
using scenario::TableReader;
using scenario::Value;

namespace {

constexpr std::size_t kMostTables = 50; // of a kind

class LessonParser {
public:
    explicit LessonParser(Problems& problems)
        : m_reading{problems} {}

    Lesson read(const Value& document) {
        TableReader root(document, "a lesson", m_reading.problems);
        readRoot(root);
        readRuns(root);
        for (const Value* each : tables(root, "question")) {
            TableReader table(*each, "[[question]]", m_reading.problems);
            if (auto question = readQuestion(table, m_reading)) {
                m_lesson.questions.push_back(std::move(*question));
            }
        }
        for (const Value* each : tables(root, "phenomenon")) {
            TableReader table(*each, "[[phenomenon]]", m_reading.problems);
            readPhenomenon(table);
        }
        for (const Value* each : tables(root, "play")) {
            TableReader table(*each, "[[play]]", m_reading.problems);
            readPlay(table);
        }
        readExercise(root);
        root.refuseOthers();
        requireParts();
        return std::move(m_lesson);
    }

private:
    std::vector<const Value*> tables(TableReader& root, std::string_view key) {
        auto result = root.tables(key);
        if (result.size() > kMostTables) {
            m_reading.problems.report(
                result[kMostTables]->position,
                fmt::format("too many [[{}]], at most {} are allowed", key, kMostTables));
            result.resize(kMostTables);
        }
        return result;
    }

    void readRoot(TableReader& root) {
        m_lesson.name = root.name("name").value_or("");
        m_lesson.goal = root.text("goal").value_or("");
        m_lesson.showsFindings = root.flag("findings").value_or(false);
        m_lesson.textFile = root.text("text").value_or(m_lesson.textFile);
        m_lesson.afterwardsFile = root.text("afterwards").value_or(m_lesson.afterwardsFile);
        m_scenario = root.text("scenario").value_or("");
        const auto* concepts = root.list("concepts", "write it concepts = [\"the GIL\"]");
        for (const Value& item : concepts != nullptr ? *concepts : std::vector<Value>()) {
            if (item.kind != Value::Kind::Text) {
                m_reading.problems.report(item.position, "a concept is a text in quotes");
            }
            m_lesson.concepts.push_back(item.text);
        }
    }

    void readRuns(TableReader& root) {
        for (const Value* each : tables(root, "run")) {
            TableReader table(*each, "[[run]]", m_reading.problems);
            LessonRun run = readRun(table, m_scenario, m_reading);
            if (std::ranges::find(m_lesson.runs, run.name, &LessonRun::name) !=
                m_lesson.runs.end()) {
                m_reading.problems.report(run.at,
                                          fmt::format("there is a run called {} already, every "
                                                      "run needs a name of its own",
                                                      scenario::inQuotes(run.name)));
            }
            m_lesson.runs.push_back(std::move(run));
        }
        m_reading.runs = m_lesson.runs;
    }

    void readPhenomenon(TableReader& table) {
        std::string says = requiredText(table, "says", m_reading, "No two tasks ever run at once");
        auto holds = expressionOf(table, "holds", Expression::Kind::Condition, m_reading);
        auto number = expressionOf(table, "number", Expression::Kind::Number, m_reading);
        std::string unit = table.text("unit").value_or("");
        if (table.find("holds") == nullptr) {
            m_reading.problems.report(table.position(),
                                      "a phenomenon needs its condition, add holds = "
                                      "\"threads.parallelism_max == 1\"");
        }
        table.refuseOthers();
        if (holds) {
            m_lesson.phenomena.push_back(
                {std::move(says), std::move(*holds), std::move(number), std::move(unit)});
        }
    }

    void readPlay(TableReader& table) {
        Play play;
        play.key = requiredText(table, "key", m_reading, "workers");
        play.run = runNameOf(table, m_reading);
        play.about = table.text("about").value_or("");
        const auto* values = table.list("values", "write it values = [\"1 ms\", \"50 ms\"]");
        for (const Value& item : values != nullptr ? *values : std::vector<Value>()) {
            if (item.kind != Value::Kind::Text) {
                m_reading.problems.report(item.position, "a value to play with is a text in "
                                                         "quotes, as --set has it");
            }
            play.values.push_back(item.text);
        }
        table.refuseOthers();
        m_lesson.plays.push_back(std::move(play));
    }

    void readExercise(TableReader& root) {
        const Value* value = root.find("exercise");
        if (value == nullptr) {
            return;
        }
        if (value->kind != Value::Kind::Table) {
            m_reading.problems.report(value->position, "write it [exercise]");
            return;
        }
        TableReader table(*value, "[exercise]", m_reading.problems);
        std::string ask = requiredText(table, "ask", m_reading, "Make it faster.");
        std::string run = runNameOf(table, m_reading);
        auto passes = expressionOf(table, "passes", Expression::Kind::Condition, m_reading);
        std::string hint = table.text("hint").value_or("");
        if (table.find("passes") == nullptr) {
            m_reading.problems.report(table.position(), "an exercise needs its condition, add "
                                                        "passes = \"threads.makespan_s < 0.5\"");
        }
        table.refuseOthers();
        if (passes) {
            m_lesson.exercise =
                Exercise{std::move(ask), std::move(run), std::move(*passes), std::move(hint)};
        }
    }

    /// What is missing has no place in the file: any other mistake is told first.
    void requireParts() {
        if (!m_reading.problems.areNone()) {
            return;
        }
        if (m_lesson.name.empty() || m_lesson.goal.empty()) {
            const char* const key = m_lesson.name.empty() ? "name" : "goal";
            m_reading.problems.report(
                {1, 1}, fmt::format("a lesson has no {}, add {} = \"...\"", key, key));
        }
        const char* const missing = m_lesson.runs.empty()        ? "run"
                                    : m_lesson.questions.empty() ? "question"
                                    : m_lesson.phenomena.empty() ? "phenomenon"
                                                                 : nullptr;
        if (missing != nullptr) {
            m_reading.problems.report({1, 1},
                                      fmt::format("a lesson needs at least one [[{}]]", missing));
        }
    }

    LessonReading m_reading;
    Lesson m_lesson;
    std::string m_scenario;
};

} // namespace

Result<Lesson> parseLesson(std::string_view text, const std::filesystem::path& file) {
    Problems problems(file.string());
    if (!scenario::isText(text)) {
        return fail(fmt::format("{} is not a text file, a lesson is TOML in UTF-8", file.string()));
    }
    const auto document = scenario::parseDocument(text);
    if (!document) {
        problems.report(document.error().at, document.error().message);
        return std::unexpected(problems.first());
    }
    Lesson lesson = LessonParser(problems).read(*document);
    if (!problems.areNone()) {
        return std::unexpected(problems.first());
    }
    lesson.folder = file.parent_path();
    lesson.id = lesson.folder.filename().string();
    return lesson;
}

} // namespace interleave::lesson
