// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/confirm_window.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ConfirmWindow windowOfFive() {
    ConfirmWindow window;
    for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) {
        window.add(sequence, static_cast<std::uint32_t>(sequence * 10));
    }
    return window;
}

TEST(ConfirmWindow, AConfirmOfOneSettlesThatOneInAnyOrder) {
    ConfirmWindow window = windowOfFive();
    EXPECT_THAT(window.settle({.sequence = 3}), ElementsAre(30u));
    EXPECT_THAT(window.settle({.sequence = 1}), ElementsAre(10u));
    EXPECT_EQ(window.size(), 3u);
}

TEST(ConfirmWindow, AConfirmOfManySettlesAllUpToItThatAreOpen) {
    ConfirmWindow window = windowOfFive();
    window.settle({.sequence = 2});
    EXPECT_THAT(window.settle({.sequence = 4, .isMultiple = true}), ElementsAre(10u, 30u, 40u));
    EXPECT_EQ(window.size(), 1u);
}

TEST(ConfirmWindow, WhatIsConfirmedTwiceOrWasNeverPublishedSettlesNothing) {
    ConfirmWindow window = windowOfFive();
    window.settle({.sequence = 2});
    EXPECT_THAT(window.settle({.sequence = 2}), IsEmpty());
    EXPECT_THAT(window.settle({.sequence = 77}), IsEmpty());
    EXPECT_EQ(window.size(), 4u);
}

TEST(ConfirmWindow, AfterALossEverythingOpenIsTakenOutInOrder) {
    ConfirmWindow window = windowOfFive();
    window.settle({.sequence = 2});
    EXPECT_THAT(window.takeAll(), ElementsAre(10u, 30u, 40u, 50u));
    EXPECT_TRUE(window.isEmpty());
}

} // namespace
} // namespace interleave::models
