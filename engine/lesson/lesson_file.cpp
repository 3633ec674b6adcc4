// SPDX-License-Identifier: GPL-3.0-or-later
// Lessons on disk: one folder, the shipped ones, and finding one by name.
#include "engine/lesson/lesson.h"
#include "engine/lesson/lesson_runs.h"
#include "engine/scenario/document.h"
#include "engine/scenario/resources.h"
#include "engine/scenario/text_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace interleave::lesson {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLessonFile = "lesson.toml";

/// A lesson comes from anybody: what it names lies in its own folder, or is shipped.
bool staysInFolder(const fs::path& name) {
    return name.is_relative() && std::ranges::find(name, "..") == name.end();
}

Error placed(const Lesson& lesson, scenario::Position at, const std::string& message) {
    scenario::Problems problems((lesson.folder / kLessonFile).string());
    problems.report(at, message);
    return problems.first();
}

Result<std::string> readMarkdown(const Lesson& lesson, const std::string& name, bool isRequired) {
    const fs::path file = lesson.folder / name;
    std::error_code ignored;
    if (!staysInFolder(name)) {
        return std::unexpected(
            placed(lesson, {1, 1},
                   fmt::format("{} is not in the lesson's folder", scenario::inQuotes(name))));
    }
    if (!isRequired && !fs::exists(file, ignored)) {
        return std::string();
    }
    auto text = scenario::readTextFile(file, "lesson");
    if (text && !scenario::isText(*text)) {
        return fail(fmt::format("{} is not a text file, a lesson's text is Markdown in UTF-8.",
                                file.string()));
    }
    return text;
}

/// The scenario file in the folder, else the shipped scenario of that name.
Result<void> readRunScenario(const Lesson& lesson, LessonRun& run) {
    std::error_code ignored;
    const fs::path own = lesson.folder / run.scenarioName;
    if (!staysInFolder(run.scenarioName)) {
        return std::unexpected(placed(lesson, run.at,
                                      fmt::format("the scenario {} is not in the lesson's folder",
                                                  scenario::inQuotes(run.scenarioName))));
    }
    auto found = fs::is_regular_file(own, ignored) ? scenario::readScenario(own)
                                                   : scenario::findScenario(run.scenarioName);
    if (!found) {
        return std::unexpected(found.error());
    }
    run.scenario = std::move(*found);
    const auto able = checkRun(run);
    // What is missing on this machine is no mistake of the lesson.
    if (!able && able.error().kind == ErrorKind::BadInput) {
        return std::unexpected(placed(lesson, run.at, able.error().message));
    }
    return {};
}

Result<void> findRunProgram(const Lesson& lesson, LessonRun& run) {
    std::error_code ignored;
    run.program = lesson.folder / run.programName;
    if (staysInFolder(run.programName) && fs::is_regular_file(run.program, ignored)) {
        return {};
    }
    return std::unexpected(placed(lesson, run.at,
                                  fmt::format("there is no program {} in the lesson's folder",
                                              scenario::inQuotes(run.programName))));
}

Result<std::vector<fs::path>> shippedLessonFolders() {
    const auto resources = scenario::resourceFolder();
    if (!resources) {
        return std::unexpected(resources.error());
    }
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator entry(*resources / "lessons", error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (fs::is_regular_file(entry->path() / kLessonFile, ignored)) {
            folders.push_back(entry->path());
        }
    }
    if (error) {
        return fail(fmt::format("{} can't be read: {}.", (*resources / "lessons").string(),
                                error.message()),
                    ErrorKind::MissingPart);
    }
    std::ranges::sort(folders);
    return folders;
}

/// "04-threads-and-the-gil" is meant by itself, "4", "04" and "threads-and-the-gil".
bool isCalled(const std::string& id, const std::string& name) {
    const std::size_t dash = id.find('-');
    const std::string number = id.substr(0, dash);
    const std::size_t zeros = std::min(number.find_first_not_of('0'), number.size());
    return name == id ||
           (dash != std::string::npos &&
            (name == id.substr(dash + 1) || name == number || name == number.substr(zeros)));
}

} // namespace

Result<Lesson> readLesson(const fs::path& folder) {
    const fs::path file = folder / kLessonFile;
    const auto toml = scenario::readTextFile(file, "lesson");
    if (!toml) {
        return std::unexpected(toml.error());
    }
    auto lesson = parseLesson(*toml, file);
    if (!lesson) {
        return lesson;
    }
    for (LessonRun& run : lesson->runs) {
        const auto found =
            run.programName.empty() ? readRunScenario(*lesson, run) : findRunProgram(*lesson, run);
        if (!found) {
            return std::unexpected(found.error());
        }
    }
    auto text = readMarkdown(*lesson, lesson->textFile, true);
    auto afterwards = readMarkdown(*lesson, lesson->afterwardsFile, false);
    if (!text || !afterwards) {
        return std::unexpected(!text ? text.error() : afterwards.error());
    }
    lesson->text = std::move(*text);
    lesson->afterwards = std::move(*afterwards);
    return lesson;
}

Result<std::vector<Lesson>> shippedLessons() {
    const auto folders = shippedLessonFolders();
    if (!folders) {
        return std::unexpected(folders.error());
    }
    std::vector<Lesson> lessons;
    for (const fs::path& folder : *folders) {
        auto lesson = readLesson(folder);
        if (!lesson) {
            return std::unexpected(lesson.error());
        }
        lessons.push_back(std::move(*lesson));
    }
    return lessons;
}

Result<Lesson> findLesson(const std::string& folderOrName) {
    std::error_code ignored;
    fs::path folder = folderOrName;
    if (folder.filename() == kLessonFile) {
        folder = folder.parent_path();
    }
    if (folderOrName.find('/') != std::string::npos || fs::is_directory(folder, ignored)) {
        return readLesson(folder);
    }
    const auto shipped = shippedLessonFolders();
    if (!shipped) {
        return std::unexpected(shipped.error());
    }
    std::vector<std::string> ids;
    for (const fs::path& candidate : *shipped) {
        ids.push_back(candidate.filename().string());
        if (isCalled(ids.back(), folderOrName)) {
            return readLesson(candidate);
        }
    }
    const std::vector<std::string_view> names(ids.begin(), ids.end());
    const auto meant = scenario::nearest(folderOrName, names);
    return fail(
        fmt::format("No folder and no shipped lesson is called {}{}; shipped are {}.",
                    scenario::inQuotes(folderOrName),
                    meant ? fmt::format(" (did you mean {}?)", scenario::inQuotes(*meant)) : "",
                    scenario::listed(names, "and")));
}

} // namespace interleave::lesson
