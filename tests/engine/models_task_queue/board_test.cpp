// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/queue_board.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::models {
namespace {

TEST(QueueBoard, IsSharedWithForkedProcesses) {
    auto board = QueueBoard::create(10, 2);
    ASSERT_TRUE(board.has_value()) << board.error().message;
    EXPECT_EQ(board->takeMessageNumber(), 1u);
    const pid_t child = fork();
    if (child == 0) {
        board->task(TaskId{10}).node = 3;
        board->slotEntries()[1].pid = 77;
        ++board->counters().acked;
        _exit(board->takeMessageNumber() == 2 ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(board->task(TaskId{10}).node, 3u);
    EXPECT_EQ(board->task(TaskId{9}).node, 0u);
    EXPECT_EQ(board->slotEntries()[1].pid, 77);
    EXPECT_EQ(board->counters().acked, 1u);
    EXPECT_EQ(board->takeMessageNumber(), 3u);
    EXPECT_EQ(board->takeWorkerNumber(), 3u) << "the first two are those of the slots";
}

} // namespace
} // namespace interleave::models
