// SPDX-License-Identifier: GPL-3.0-or-later
// Small rules that every file of the tree keeps.
#include "tests/architecture/source_tree.h"

#include <gtest/gtest.h>
#include <regex>

namespace interleave::architecture {
namespace {

std::vector<std::filesystem::path> allSources() {
    std::vector<std::filesystem::path> files;
    for (const char* layer : {"app", "engine", "ui", "tests"}) {
        for (auto& file : filesBelow(layer, {".h", ".cpp"})) {
            files.push_back(std::move(file));
        }
    }
    return files;
}

TEST(SourceFiles, BeginWithTheLicenceLine) {
    for (const auto& file : allSources()) {
        const auto lines = linesOf(file);
        ASSERT_FALSE(lines.empty()) << file;
        EXPECT_EQ(lines.front(), "// SPDX-License-Identifier: GPL-3.0-or-later") << file;
    }
}

TEST(SourceFiles, HeadersHavePragmaOnce) {
    for (const auto& file : allSources()) {
        if (file.extension() == ".h") {
            EXPECT_NE(textOf(file).find("#pragma once"), std::string::npos) << file;
        }
    }
}

TEST(SourceFiles, AreSnakeCase) {
    const std::regex snakeCase(R"(^[a-z0-9_]+\.(h|cpp)$)");
    for (const auto& file : allSources()) {
        EXPECT_TRUE(std::regex_match(file.filename().string(), snakeCase)) << file;
    }
}

TEST(SourceFiles, NoFolderIsCalledUtilsOrTheLike) {
    const std::regex vague(R"((^|/)(utils?|common|helpers?|misc)/)");
    for (const auto& file : allSources()) {
        EXPECT_FALSE(std::regex_search(file.string(), vague)) << file;
    }
}

} // namespace
} // namespace interleave::architecture
