// SPDX-License-Identifier: GPL-3.0-or-later
// Topology: the exchanges, queues and bindings of a scenario as a broker gets them. On a broker
// that others use, too, their names begin with a prefix of this run's own, and they are removed
// when the run ends, however it ends.
#pragma once

#include "engine/broker/broker.h"
#include "engine/scenario/program.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace interleave::models {

class Topology {
public:
    /// With an empty prefix the names are the scenario's own.
    Topology(const scenario::Program& program, std::string prefix);

    /// Makes whatever isn't there; again the same changes nothing.
    Result<void> declare(broker::Connection& connection) const;
    /// Removes everything; what is not there is no error. Returns the last error.
    Result<void> remove(broker::Connection& connection) const;

    /// None: the default exchange. It knows queues by their names, which a prefix changes; with one
    /// it is a direct exchange of our own to which every queue is bound by its name in the
    /// scenario.
    std::string nameOf(ObjectId object) const;
    std::unordered_map<std::string, ObjectId> queueNames() const;
    std::vector<ObjectId> queues() const;

    /// Where a copy goes that leaves a queue for good; `key` is what the broker knows it by.
    std::vector<ObjectId> deadLetterTargets(ObjectId queue, const std::string& key,
                                            const routing::Headers& headers) const;
    /// A dead letter of the queue can come back into it.
    bool comesBack(ObjectId queue, const std::string& key, const routing::Headers& headers) const;

private:
    struct Lying {
        ObjectId queue;
        std::string key;
        auto operator<=>(const Lying&) const = default;
    };
    broker::QueueSpec specOf(const scenario::MessageQueueDeclaration& queue) const;
    std::vector<Lying> afterDeath(const Lying& lying, const routing::Headers& headers) const;

    const scenario::Program& m_program;
    std::string m_prefix;
};

/// "interleave.8f0c2a61d3b94e57.": of this run and no other.
std::string uniquePrefix();

} // namespace interleave::models
