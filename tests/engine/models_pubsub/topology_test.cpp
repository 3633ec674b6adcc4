// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/topology.h"

#include "tests/engine/models_async/model_run.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const char* const kRing = R"(
    name = "t"
    [[exchange]]
    name = "failed"
    kind = "topic"
    [[message_queue]]
    name = "work"
    dead_letter = "failed"
    [[message_queue]]
    name = "pause"
    bind = [{ exchange = "failed", key = "soft.*" }]
    ttl = "10 ms"
    dead_letter = ""
    dead_letter_key = "work"
    [[message_queue]]
    name = "grave"
    bind = [{ exchange = "failed", key = "hard.#" }]
    [[task]]
    name = "a"
    steps = []
)";

ObjectId queue(const scenario::Program& program, std::size_t index) {
    return program.messageQueueId(index);
}

TEST(Topology, DeadLettersGoWhereTheBindingsSay) {
    const scenario::Program program = programOf(kRing);
    const Topology topology(program, "");
    EXPECT_THAT(topology.deadLetterTargets(queue(program, 0), "soft.x", {}),
                ElementsAre(queue(program, 1)));
    EXPECT_THAT(topology.deadLetterTargets(queue(program, 0), "hard.x", {}),
                ElementsAre(queue(program, 2)));
    EXPECT_THAT(topology.deadLetterTargets(queue(program, 0), "other", {}), IsEmpty());
    EXPECT_THAT(topology.deadLetterTargets(queue(program, 1), "soft.x", {}),
                ElementsAre(queue(program, 0)));
    EXPECT_THAT(topology.deadLetterTargets(queue(program, 2), "hard.x", {}), IsEmpty());
}

TEST(Topology, OnlyWhatGoesRoundComesBack) {
    const scenario::Program program = programOf(kRing);
    const Topology topology(program, "");
    EXPECT_TRUE(topology.comesBack(queue(program, 0), "soft.x", {}));
    EXPECT_FALSE(topology.comesBack(queue(program, 0), "hard.x", {}));
    EXPECT_FALSE(topology.comesBack(queue(program, 0), "other", {}));
}

TEST(Topology, APrefixIsOnEveryNameAndTheDefaultExchangeBecomesOneOfOurOwn) {
    const scenario::Program program = programOf(kRing);
    const Topology shared(program, "mine.");
    EXPECT_EQ(shared.nameOf(queue(program, 0)), "mine.work");
    EXPECT_EQ(shared.nameOf({}), "mine.");
    EXPECT_EQ(Topology(program, "").nameOf({}), "");
    EXPECT_NE(uniquePrefix(), uniquePrefix());
}

} // namespace
} // namespace interleave::models
