// SPDX-License-Identifier: GPL-3.0-or-later
// Scenarios on disk: one file, the shipped ones, and finding one by name.
#include "engine/scenario/problems.h"
#include "engine/scenario/resources.h"
#include "engine/scenario/scenario.h"
#include "engine/scenario/text_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace interleave::scenario {

namespace fs = std::filesystem;

namespace {

Result<std::vector<fs::path>> shippedFiles() {
    const auto resources = resourceFolder();
    if (!resources) {
        return std::unexpected(resources.error());
    }
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(*resources / "scenarios", error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".toml") {
            files.push_back(entry->path());
        }
    }
    if (error) {
        return fail(fmt::format("{} can't be read: {}.", (*resources / "scenarios").string(),
                                error.message()),
                    ErrorKind::MissingPart);
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

Result<Scenario> readScenario(const fs::path& file) {
    const auto text = readTextFile(file, "scenario");
    if (!text) {
        return std::unexpected(text.error());
    }
    Result<Scenario> scenario = parseScenario(*text, file);
    if (scenario) {
        scenario->file = file;
    }
    return scenario;
}

Result<std::vector<Scenario>> shippedScenarios() {
    const auto files = shippedFiles();
    if (!files) {
        return std::unexpected(files.error());
    }
    std::vector<Scenario> scenarios;
    for (const fs::path& file : *files) {
        Result<Scenario> scenario = readScenario(file);
        if (!scenario) {
            return std::unexpected(scenario.error());
        }
        scenarios.push_back(std::move(*scenario));
    }
    std::stable_sort(scenarios.begin(), scenarios.end(),
                     [](const Scenario& a, const Scenario& b) { return a.name < b.name; });
    return scenarios;
}

Result<Scenario> findScenario(const std::string& fileOrId) {
    if (fileOrId.empty()) {
        return fail("No scenario is named, give a file or the name of a shipped one.");
    }
    const fs::path file = fileOrId;
    std::error_code ignored;
    const bool isPath = fileOrId.find('/') != std::string::npos || file.extension() == ".toml";
    if (isPath || fs::is_regular_file(file, ignored)) {
        return readScenario(file);
    }
    const auto files = shippedFiles();
    if (!files) {
        return std::unexpected(files.error());
    }
    std::vector<std::string> ids;
    for (const fs::path& shipped : *files) {
        if (shipped.stem() == fileOrId) {
            return readScenario(shipped);
        }
        ids.push_back(shipped.stem().string());
    }
    const std::vector<std::string_view> names(ids.begin(), ids.end());
    const auto meant = nearest(fileOrId, names);
    return fail(fmt::format(
        "No file and no shipped scenario is called {}{}; shipped are {}.", inQuotes(fileOrId),
        meant ? fmt::format(" (did you mean {}?)", inQuotes(*meant)) : "", listed(names, "and")));
}

} // namespace interleave::scenario
