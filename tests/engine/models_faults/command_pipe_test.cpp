// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/faults/command_pipe.h"
#include "tests/engine/scenario/temporary_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

namespace interleave::models {
namespace {

using scenario::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(CommandPipe, TakesWholeLinesInOrder) {
    const TemporaryFolder folder;
    auto pipe = CommandPipe::create(folder.path());
    ASSERT_TRUE(pipe.has_value()) << pipe.error().message;
    EXPECT_THAT(pipe->takeLines(), IsEmpty());
    ASSERT_TRUE(sendCommand(folder.path(), "kill-worker:2").has_value());
    ASSERT_TRUE(sendCommand(folder.path(), "stop-broker+500ms").has_value());
    EXPECT_THAT(pipe->takeLines(), ElementsAre("kill-worker:2", "stop-broker+500ms"));
}

TEST(CommandPipe, WaitsForTheRestOfALineAndCutsEndlessOnes) {
    const TemporaryFolder folder;
    auto pipe = CommandPipe::create(folder.path());
    ASSERT_TRUE(pipe.has_value());
    const int fd = open((folder.path() / kControlPipe).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    ASSERT_EQ(write(fd, "kill-", 5), 5);
    EXPECT_THAT(pipe->takeLines(), IsEmpty());
    ASSERT_EQ(write(fd, "worker\n", 7), 7);
    EXPECT_THAT(pipe->takeLines(), ElementsAre("kill-worker"));
    const std::string endless = std::string(3 * CommandPipe::kLongestLine, 'x') + "\n";
    ASSERT_EQ(write(fd, endless.data(), endless.size()), static_cast<ssize_t>(endless.size()));
    EXPECT_THAT(pipe->takeLines(), ElementsAre(std::string(CommandPipe::kLongestLine, 'x')));
    close(fd);
}

TEST(CommandPipe, IsGoneAfterTheRun) {
    const TemporaryFolder folder;
    {
        auto pipe = CommandPipe::create(folder.path());
        ASSERT_TRUE(pipe.has_value());
    }
    const auto sent = sendCommand(folder.path(), "kill-worker");
    ASSERT_FALSE(sent.has_value());
    EXPECT_THAT(sent.error().message, testing::HasSubstr("No run listens"));
}

} // namespace
} // namespace interleave::models
