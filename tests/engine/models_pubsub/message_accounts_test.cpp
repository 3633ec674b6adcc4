// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/message_accounts.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using testing::HasSubstr;
using testing::Not;

MessageAccounts someAccounts() {
    MessageAccounts accounts;
    accounts.published = 10;
    accounts.queues.resize(2);
    accounts.queues[0] = {
        .entered = 10, .acked = 5, .rejected = 3, .expired = 1, .deadLettered = 3, .queued = 1};
    accounts.queues[1] = {.entered = 3, .acked = 3};
    return accounts;
}

TEST(MessageAccounts, EveryCopyLeftForAReasonOrIsThere) {
    MessageAccounts accounts = someAccounts();
    EXPECT_EQ(accounts.unaccounted(), 0u);
    ++accounts.queues[1].entered;
    EXPECT_EQ(accounts.unaccounted(), 1u);
    accounts.queues[0].acked += 2; // more left than came: that does not make up for the other
    EXPECT_EQ(accounts.unaccounted(), 3u);
}

TEST(MessageAccounts, TheSentenceAddsUpAndLeavesOutWhatDidNotHappen) {
    const std::string text = someAccounts().sentence();
    EXPECT_THAT(text, HasSubstr("10 messages were published and 13 copies came into queues: 8 "
                                "acknowledged, 3 dead-lettered to another queue, 1 dropped, 1 "
                                "still queued."));
    EXPECT_THAT(text, HasSubstr("3 rejected, 1 expired"));
    EXPECT_THAT(text, Not(HasSubstr("lost")));
    EXPECT_THAT(text, Not(HasSubstr("Besides")));
}

} // namespace
} // namespace interleave::models
