// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/state.h"

#include <gtest/gtest.h>
#include <set>

namespace interleave {
namespace {

TEST(State, NamesAreUniqueAndLeadBackToTheState) {
    std::set<std::string_view> names;
    for (int i = 0; i < kStateCount; ++i) {
        const State state = static_cast<State>(i);
        EXPECT_TRUE(names.insert(nameOf(state)).second) << nameOf(state);
        EXPECT_EQ(stateNamed(nameOf(state)), state);
        EXPECT_FALSE(meaningOf(state).empty());
    }
    EXPECT_EQ(stateNamed("sleepy"), std::nullopt);
}

TEST(State, ATaskThatNobodyTookCanBeCancelledOrFailButNotBeDone) {
    EXPECT_FALSE(isLegalTransition(State::Queued, State::Done));
    EXPECT_FALSE(isLegalTransition(State::Reserved, State::Done));
    EXPECT_TRUE(isLegalTransition(State::Queued, State::Cancelled));
    EXPECT_TRUE(isLegalTransition(State::Queued, State::Failed));
    EXPECT_TRUE(isLegalTransition(State::Running, State::Done));
}

TEST(State, AWorkerMayHoldTheNextTryUntilItsTimeHasCome) {
    EXPECT_TRUE(isLegalTransition(State::Retrying, State::Reserved));
    EXPECT_TRUE(isLegalTransition(State::Queued, State::Reserved));
    EXPECT_FALSE(isLegalTransition(State::Running, State::Reserved));
}

TEST(State, NothingFollowsAnEndButARetryAfterAFailure) {
    for (int i = 0; i < kStateCount; ++i) {
        const State next = static_cast<State>(i);
        EXPECT_FALSE(isLegalTransition(State::Done, next)) << nameOf(next);
        EXPECT_FALSE(isLegalTransition(State::Cancelled, next)) << nameOf(next);
        EXPECT_EQ(isLegalTransition(State::Failed, next), next == State::Retrying) << nameOf(next);
    }
}

TEST(State, StatesOfLocksAndCoresAreNoStatesOfTasks) {
    EXPECT_FALSE(isLegalTransition(State::Running, State::Held));
    EXPECT_FALSE(isLegalTransition(State::Other, State::Running));
    EXPECT_FALSE(isLegalStart(State::Held));
    EXPECT_FALSE(isLegalStart(State::Done));
    EXPECT_TRUE(isLegalStart(State::Queued));
}

} // namespace
} // namespace interleave
