// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace interleave::ui {
namespace {

TEST(SessionFolder, IsOnlyForItsOwner) {
    const auto folder = SessionFolder::create();
    ASSERT_TRUE(folder.has_value()) << folder.error().message;
    struct stat status {};
    ASSERT_EQ(stat(folder->path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST(SessionFolder, GoesWithItsContent) {
    std::filesystem::path path;
    {
        const auto folder = SessionFolder::create();
        ASSERT_TRUE(folder.has_value());
        path = folder->path();
        std::filesystem::create_directory(folder->session());
        std::ofstream(folder->session() / "1.seg") << "events";
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(SessionFolder, MovesWithoutBeingRemoved) {
    auto first = SessionFolder::create();
    ASSERT_TRUE(first.has_value());
    const auto path = first->path();
    const SessionFolder second = std::move(*first);
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(second.path(), path);
}

} // namespace
} // namespace interleave::ui
