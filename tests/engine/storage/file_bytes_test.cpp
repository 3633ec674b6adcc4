// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/file_bytes.h"

#include "engine/storage/atomic_file.h"

#include <cstdint>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace interleave::storage {
namespace {

class FileBytesTest : public testing::Test {
protected:
    FileBytesTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "bytes-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
        m_file = m_folder / "file";
    }
    ~FileBytesTest() override { std::filesystem::remove_all(m_folder); }

    static std::string textOf(const FileBytes& bytes) {
        return {reinterpret_cast<const char*>(bytes.bytes.data()), bytes.bytes.size()};
    }
    /// Whether a change of the file is seen, which it is in a mapped one only.
    bool isMapped(const FileBytes& bytes) {
        const std::string before = textOf(bytes);
        std::fstream(m_file, std::ios::in | std::ios::out).put('~');
        return textOf(bytes) != before;
    }

    std::filesystem::path m_folder;
    std::filesystem::path m_file;
};

TEST_F(FileBytesTest, SmallFilesAreReadAndLargeOnesMapped) {
    for (const std::size_t size : {1u, 7u, 15u, 16u, 5000u}) {
        for (const bool isLarge : {false, true}) {
            const std::string text(size, 'a');
            ASSERT_TRUE(writeFileAtomically(m_file, text));
            const auto bytes = openFileBytes(m_file, isLarge ? size : size + 1);
            ASSERT_TRUE(bytes);
            EXPECT_EQ(textOf(*bytes), text);
            EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes->bytes.data()) % 8, 0u);
            EXPECT_EQ(isMapped(*bytes), isLarge) << size;
        }
    }
}

TEST_F(FileBytesTest, NothingThatHappensToASmallFileLaterMatters) {
    ASSERT_TRUE(writeFileAtomically(m_file, std::string(5000, 'a')));
    const auto bytes = openFileBytes(m_file);
    ASSERT_TRUE(bytes);
    std::filesystem::resize_file(m_file, 0);
    EXPECT_EQ(textOf(*bytes), std::string(5000, 'a'));
}

TEST_F(FileBytesTest, AnEmptyFileHasNoBytes) {
    ASSERT_TRUE(writeFileAtomically(m_file, ""));
    const auto bytes = openFileBytes(m_file, 0);
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(bytes->bytes.empty());
    EXPECT_FALSE(openFileBytes(m_folder / "none"));
}

} // namespace
} // namespace interleave::storage
