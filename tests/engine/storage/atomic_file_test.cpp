// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/atomic_file.h"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::storage {
namespace {

class AtomicFileTest : public testing::Test {
protected:
    AtomicFileTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "atomic-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
    }
    ~AtomicFileTest() override { std::filesystem::remove_all(m_folder); }

    std::size_t filesInFolder() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(m_folder), {}));
    }

    std::filesystem::path m_folder;
};

TEST_F(AtomicFileTest, LeavesTheTargetAloneUntilItIsCommitted) {
    const auto target = m_folder / "file";
    ASSERT_TRUE(writeFileAtomically(target, "old"));
    {
        auto file = AtomicFile::create(target);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write("new"));
        EXPECT_EQ(*readFile(target), "old");
    }
    EXPECT_EQ(*readFile(target), "old");
    EXPECT_EQ(filesInFolder(), 1u) << "an abandoned file left something behind";
    ASSERT_TRUE(writeFileAtomically(target, "new"));
    EXPECT_EQ(*readFile(target), "new");
    EXPECT_EQ(filesInFolder(), 1u);
}

TEST_F(AtomicFileTest, OverwritesWhatItWroteAndGoesOnAtTheEnd) {
    auto file = AtomicFile::create(m_folder / "file");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("head and "));
    ASSERT_TRUE(file->overwrite(1, std::as_bytes(std::span(std::string_view("EAD")))));
    ASSERT_TRUE(file->write("tail"));
    ASSERT_TRUE(file->commit());
    EXPECT_EQ(*readFile(m_folder / "file"), "hEAD and tail");
}

TEST_F(AtomicFileTest, NamesTheFileAndTheCureWhenThePlaceIsBad) {
    const auto missing = AtomicFile::create(m_folder / "none" / "file");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("none/file: can't be written"), std::string::npos);
    EXPECT_NE(missing.error().message.find("make the folder first"), std::string::npos);
    const auto folder = AtomicFile::create(m_folder);
    ASSERT_FALSE(folder);
    EXPECT_NE(folder.error().message.find("is a folder"), std::string::npos);
}

TEST_F(AtomicFileTest, NeverReplacesADevice) {
    const auto device = AtomicFile::create("/dev/null");
    ASSERT_FALSE(device);
    EXPECT_NE(device.error().message.find("not a regular file"), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(AtomicFileTest, LeavesNothingBehindWhenTheSpaceRunsOut) {
    // A limit on the size of files stands in for a full disk; in a child, so that it is only its
    // own.
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto written = writeFileAtomically(m_folder / "file", std::string(100'000, 'x'));
        ::_exit(!written && written.error().message.find("can't be written") != std::string::npos
                    ? 0
                    : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(filesInFolder(), 0u);
}

TEST_F(AtomicFileTest, ReadingSaysWhyItFails) {
    EXPECT_NE(readFile(m_folder).error().message.find("is a folder"), std::string::npos);
    EXPECT_NE(readFile(m_folder / "none").error().message.find("can't be opened"),
              std::string::npos);
}

} // namespace
} // namespace interleave::storage
