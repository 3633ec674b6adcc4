// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/pubsub.h"

#include "engine/models/pubsub/pubsub_run.h"
#include "engine/models/refusal.h"

#include <fmt/format.h>

namespace interleave::models {

namespace {

class Pubsub final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program, const Parameters&) const override {
        const auto refused = refuseCrash(program, m_info.id);
        return refused ? refuseLimits(program, m_info.id) : refused;
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        return PubsubRun(context).execute();
    }

private:
    ModelInfo m_info{
        .id = "pubsub",
        .title = "Publish and subscribe",
        .about =
            "Events go through the exchanges of a message broker into the queues of whoever "
            "subscribed; each queue's consumers handle them. Publishers don't know who listens.",
        .kitchen = "The waiter calls an order out once; the grill, the bar and the till each have "
                   "a board of their own for what concerns them, and nobody waits for the others.",
        .parameters = pubsubParameters(),
        .usesBroker = true,
        .makesFaults = true,
    };
};

} // namespace

std::unique_ptr<const Model> makePubsub() {
    return std::make_unique<Pubsub>();
}

} // namespace interleave::models
