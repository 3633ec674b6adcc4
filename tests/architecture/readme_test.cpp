// SPDX-License-Identifier: GPL-3.0-or-later
// README stays true: every path it names exists.
#include "tests/architecture/source_tree.h"

#include <gtest/gtest.h>
#include <regex>
#include <set>

namespace interleave::architecture {
namespace {

TEST(Readme, EveryPathItNamesExists) {
    const std::regex path(R"(`((?:app|engine|ui|resources|tests|packaging)/[A-Za-z0-9_./-]*)`)");
    for (const char* document : {"README.md", "engine/README.md", "ui/README.md"}) {
        const std::string text = textOf(document);
        ASSERT_FALSE(text.empty()) << document;
        for (std::sregex_iterator it(text.begin(), text.end(), path), end; it != end; ++it) {
            EXPECT_TRUE(std::filesystem::exists(sourceRoot() / (*it)[1].str()))
                << document << " names " << (*it)[1];
        }
    }
}

TEST(Readme, BeginsWithAPictureAndNamesTheTwoCommandsEarly) {
    const std::vector<std::string> lines = linesOf("README.md");
    ASSERT_GT(lines.size(), 30u);
    std::string beginning;
    for (std::size_t i = 0; i < 30; ++i) {
        beginning += lines[i] + "\n";
    }
    EXPECT_TRUE(std::regex_search(beginning, std::regex(R"(!\[[^\]]*\]\(([^)]+)\))")));
    EXPECT_NE(beginning.find("packaging/run"), std::string::npos);
    EXPECT_NE(beginning.find("packaging/test"), std::string::npos);
    std::smatch picture;
    ASSERT_TRUE(std::regex_search(beginning, picture, std::regex(R"(\]\(([^)]+\.png)\))")));
    EXPECT_TRUE(std::filesystem::exists(sourceRoot() / picture[1].str())) << picture[1];
}

} // namespace
} // namespace interleave::architecture
