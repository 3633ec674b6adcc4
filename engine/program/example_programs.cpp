// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/program/example_programs.h"

#include "engine/scenario/resources.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <string_view>

namespace interleave::program {

namespace {

constexpr std::array<std::string_view, 10> kOrder{"cpu-threads",       "cpu-processes",
                                                  "downloads-threads", "downloads-asyncio",
                                                  "results-in-order",  "results-as-completed",
                                                  "producer-consumer", "blocking-call",
                                                  "lost-update",       "deadlock"};

std::optional<ExampleProgram> readExample(const std::filesystem::path& file) {
    constexpr std::string_view kQuotes = "\"\"\"";
    ExampleProgram example{file, {}, {}};
    std::ifstream stream(file);
    std::string line;
    while (std::getline(stream, line) && line.starts_with('#')) {
    }
    if (!line.starts_with(kQuotes)) {
        return std::nullopt;
    }
    example.title = line.substr(kQuotes.size());
    while (std::getline(stream, line) && line != kQuotes) {
        if (!line.empty()) {
            example.about += (example.about.empty() ? "" : " ") + line;
        }
    }
    return example;
}

} // namespace

Result<std::vector<ExampleProgram>> shippedPrograms() {
    const auto resources = scenario::resourceFolder();
    if (!resources) {
        return std::unexpected(resources.error());
    }
    std::vector<ExampleProgram> examples;
    std::error_code error;
    for (std::filesystem::directory_iterator it(*resources / "programs", error), end;
         !error && it != end; it.increment(error)) {
        if (it->path().extension() == ".py") {
            if (auto example = readExample(it->path())) {
                examples.push_back(std::move(*example));
            }
        }
    }
    if (error) {
        return fail(fmt::format("{} can't be read: {}.", (*resources / "programs").string(),
                                error.message()),
                    ErrorKind::MissingPart);
    }
    std::ranges::sort(examples, {}, [](const ExampleProgram& example) {
        const std::string id = example.file.stem().string();
        return std::pair(std::ranges::find(kOrder, id) - kOrder.begin(), id);
    });
    return examples;
}

} // namespace interleave::program
