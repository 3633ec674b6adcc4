// SPDX-License-Identifier: GPL-3.0-or-later
// Topology: who publishes to which exchange, what is bound to it, and who consumes from where; the
// graph that a broker's recording shows. Says nothing about where it is drawn.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace interleave::analysis {

enum class NodeKind : std::uint8_t { Publisher, Exchange, Queue, Consumer };

struct TopologyNode {
    NodeKind kind = NodeKind::Queue;
    std::string name;               // of the default exchange: empty
    std::string type;               // exchanges: "topic", "default", ...
    ObjectId object;                // exchanges but the default one, queues
    WorkerId worker;                // consumers; none where it is not known who they are
    std::uint32_t limit = 0;        // queues: messages at most; consumers: prefetch. 0: any number
    std::vector<TimeRange> lives;   // consumers, in order
    std::vector<TaskId> publishers; // those who published, where they are tasks; each once
};

enum class EdgeKind : std::uint8_t {
    Publish,    // publisher -> exchange
    Route,      // exchange -> queue
    Consume,    // queue -> consumer
    DeadLetter, // queue -> queue
};

struct TopologyEdge {
    EdgeKind kind = EdgeKind::Publish;
    std::uint32_t from = 0; // indices of nodes
    std::uint32_t to = 0;
    std::vector<std::string> keys; // of the bindings; none: seen, but not recorded as a binding
};

class Topology {
public:
    std::vector<TopologyNode> nodes; // publishers, exchanges, queues, consumers, each in the order
                                     // in which the recording has them
    std::vector<TopologyEdge> edges;

    /// The run had no broker.
    bool isEmpty() const { return nodes.empty(); }
    std::optional<std::uint32_t> exchange(ObjectId object) const; // none: the default one
    std::optional<std::uint32_t> queue(ObjectId object) const;
    std::optional<std::uint32_t> consumer(WorkerId worker) const;
    /// Of a "published" event.
    std::optional<std::uint32_t> publisher(const recording::Recording& recording,
                                           const recording::MessageEvent& published) const;
    std::optional<std::uint32_t> edge(EdgeKind kind, std::uint32_t from, std::uint32_t to) const;

private:
    friend class TopologyBuilder;
    std::unordered_map<std::string, std::uint32_t> m_publishers; // by name
    std::unordered_map<std::uint64_t, std::uint32_t> m_nodes;    // by kind and id
    std::unordered_map<std::uint64_t, std::uint32_t> m_edges;    // by kind and ends
};

/// O(messages).
Topology topologyOf(const recording::Recording& recording);

} // namespace interleave::analysis
