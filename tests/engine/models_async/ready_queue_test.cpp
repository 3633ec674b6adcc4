// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/ready_queue.h"

#include <gtest/gtest.h>

namespace interleave::models {

TEST(ReadyQueue, KeepsTheOrderWhileItGrowsAndWrapsAround) {
    ReadyQueue<int> queue;
    int pushed = 0;
    int popped = 0;
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < 7; ++i) {
            queue.push(pushed++);
        }
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ(queue.pop(), popped++);
        }
    }
    EXPECT_EQ(queue.size(), 400u);
    while (!queue.isEmpty()) {
        EXPECT_EQ(queue.pop(), popped++);
    }
    EXPECT_EQ(popped, pushed);
}

} // namespace interleave::models
