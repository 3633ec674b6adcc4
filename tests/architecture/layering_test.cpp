// SPDX-License-Identifier: GPL-3.0-or-later
// The dependency rules: which folder may include which. README shows the same table; this test
// reads it from there, so the two can't differ.
#include "tests/architecture/source_tree.h"

#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>

namespace interleave::architecture {
namespace {

using Rules = std::map<std::string, std::set<std::string>>;

/// Rows of README's table: | `engine/record` | `engine/base` |
Rules rulesOfReadme() {
    Rules rules;
    const std::regex row(R"(^\| `((?:app|engine|ui)[a-z_/]*)` \|([^|]*)\|)");
    const std::regex name(R"(`([a-z_/]+)`)");
    for (const std::string& line : linesOf("README.md")) {
        std::smatch match;
        if (!std::regex_search(line, match, row)) {
            continue;
        }
        const std::string allowed = match[2];
        std::set<std::string>& entry = rules[match[1]];
        for (std::sregex_iterator it(allowed.begin(), allowed.end(), name), end; it != end; ++it) {
            entry.insert((*it)[1]);
        }
    }
    return rules;
}

/// "engine/models/threads/pool.h" -> "engine/models"; "app/commands/run.cpp" -> "app".
std::string folderOf(const std::filesystem::path& file) {
    auto part = file.begin();
    const std::string layer = *part++;
    return layer == "app" ? layer : layer + "/" + part->string();
}

std::vector<std::string> includesOf(const std::filesystem::path& file) {
    const std::regex include(R"(^\s*#\s*include\s+"((?:app|engine|ui|tests)/[^"]+)\")");
    std::vector<std::string> includes;
    for (const std::string& line : linesOf(file)) {
        std::smatch match;
        if (std::regex_search(line, match, include)) {
            includes.push_back(match[1]);
        }
    }
    return includes;
}

TEST(Layering, EveryIncludeIsAllowedByTheTableInReadme) {
    const Rules rules = rulesOfReadme();
    ASSERT_GT(rules.size(), 10u) << "README's dependency table was not found";
    for (const char* layer : {"app", "engine", "ui"}) {
        for (const auto& file : filesBelow(layer, {".h", ".cpp"})) {
            const std::string from = folderOf(file);
            ASSERT_TRUE(rules.contains(from)) << from << " has no row in README's table";
            for (const std::string& include : includesOf(file)) {
                const std::string to = folderOf(include);
                const auto& allowed = rules.at(from);
                const std::string wholeLayer = to.substr(0, to.find('/'));
                EXPECT_TRUE(to == from || allowed.contains(to) || allowed.contains(wholeLayer))
                    << file << " includes " << include << ", but " << from << " may not use " << to;
            }
        }
    }
}

TEST(Layering, TheTableHasNoRowForAFolderThatDoesNotExist) {
    for (const auto& [folder, allowed] : rulesOfReadme()) {
        EXPECT_TRUE(std::filesystem::is_directory(sourceRoot() / folder)) << folder;
        for (const std::string& name : allowed) {
            EXPECT_TRUE(std::filesystem::is_directory(sourceRoot() / name)) << name;
        }
    }
}

TEST(Layering, TheEngineIncludesNoQt) {
    const std::regex qt(R"(^\s*#\s*include\s*[<"](Q[A-Z]|qcustomplot|Qt))");
    for (const auto& file : filesBelow("engine", {".h", ".cpp"})) {
        for (const std::string& line : linesOf(file)) {
            EXPECT_FALSE(std::regex_search(line, qt)) << file << ": " << line;
        }
    }
}

} // namespace
} // namespace interleave::architecture
