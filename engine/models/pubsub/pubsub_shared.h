// SPDX-License-Identifier: GPL-3.0-or-later
// What all threads of a pubsub run share.
#pragma once

#include "engine/broker/broker.h"
#include "engine/models/blocking/thread_run.h"
#include "engine/models/pubsub/message_book.h"
#include "engine/models/pubsub/message_table.h"
#include "engine/models/pubsub/pubsub_options.h"
#include "engine/models/pubsub/topology.h"

#include <mutex>
#include <optional>
#include <utility>

namespace interleave::models {

/// The first thing that went so wrong that the run has to end.
class RunTrouble {
public:
    explicit RunTrouble(RunStop& stop)
        : m_stop(stop) {}
    /// Any thread.
    void giveUp(const Error& why) {
        {
            std::scoped_lock lock(m_mutex);
            if (!m_why) {
                m_why = why;
            }
        }
        m_stop.ring();
    }
    std::optional<Error> why() const {
        std::scoped_lock lock(m_mutex);
        return m_why;
    }

private:
    RunStop& m_stop;
    mutable std::mutex m_mutex;
    std::optional<Error> m_why;
};

struct PubsubShared {
    const RunContext& context;
    const PubsubOptions& options;
    const MessageTable& table;
    const Topology& topology;
    broker::Broker& broker;
    MessageBook& book;
    ThreadRun& run;
    RunTrouble& trouble;
    const WorkEnvironment& environment;

    bool isOver() const { return environment.objects.isCancelled(); }
};

} // namespace interleave::models
