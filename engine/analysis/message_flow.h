// SPDX-License-Identifier: GPL-3.0-or-later
// MessageFlow: where the messages of a recording were at each moment, and how they moved along the
// edges of its topology. Made once; every question about a moment is answered by binary search.
//
// A message that lies in several queues has a copy in each. A copy is ready in a queue, held by a
// consumer (delivered, not yet acknowledged), or it has ended. What is published and lies nowhere
// yet, and what has left a queue for a dead-letter exchange and has not arrived, is on the way.
#pragma once

#include "engine/analysis/stay_set.h"
#include "engine/analysis/topology.h"

#include <array>
#include <optional>
#include <span>

namespace interleave::analysis {

inline constexpr std::size_t kMessageSteps =
    static_cast<std::size_t>(recording::MessageStep::Lost) + 1;
inline constexpr std::uint32_t kNowhere = ~0U;

/// An event, and where in the topology it happened.
struct MessageMove {
    Nanoseconds timeNs = 0;
    std::uint32_t message = 0;
    std::uint32_t node = kNowhere; // to which it came, or at which it ended
    std::uint32_t edge = kNowhere; // along which it came (Requeued, Returned: went back)
    recording::MessageStep step = recording::MessageStep::Published;
    bool isRedelivered = false;
    TaskId task{}; // that it carries; Published: of the publisher
};

struct FlowTotals {
    std::uint64_t published = 0; // messages
    std::uint64_t onTheWay = 0;  // messages
    std::uint64_t ready = 0;     // copies
    std::uint64_t held = 0;      // copies
    /// Copies that have ended, by the step that ended them; an end that led to another queue is
    /// none, it counts as DeadLettered.
    std::array<std::uint64_t, kMessageSteps> ended{};

    std::uint64_t of(recording::MessageStep step) const {
        return ended[static_cast<std::size_t>(step)];
    }
};

class MessageFlow {
public:
    MessageFlow() = default;
    explicit MessageFlow(const recording::Recording& recording);

    const Topology& topology() const { return m_topology; }
    /// In a queue, to be delivered; nodes of other kinds: none.
    const StaySet& ready(std::uint32_t node) const { return m_nodes[node].ready; }
    /// Of a consumer: what it holds. Of a queue: what was delivered from it and is not settled.
    const StaySet& held(std::uint32_t node) const { return m_nodes[node].held; }
    /// At an exchange or, dying, at a queue.
    const StaySet& onTheWay(std::uint32_t node) const { return m_nodes[node].onTheWay; }

    /// How often the step has happened at the node (publishing: at the publisher, too) up to and
    /// with that moment.
    std::uint64_t countAt(std::uint32_t node, recording::MessageStep step, Nanoseconds when) const;
    FlowTotals totalsAt(Nanoseconds when) const;

    /// In order of time; those with begin < time <= end of the range.
    std::span<const MessageMove> moves() const { return m_moves; }
    std::span<const MessageMove> movesAfter(TimeRange range) const;
    /// The next and the previous moment at which something moved.
    std::optional<Nanoseconds> nextMove(Nanoseconds after) const;
    std::optional<Nanoseconds> previousMove(Nanoseconds before) const;
    /// Everything that happened to one message, in order. O(moves of it * log).
    std::vector<MessageMove> lifeOf(std::uint32_t message) const;
    /// The task whose execution the message stands for; none if it carries none.
    TaskId taskOf(std::uint32_t message) const;

private:
    friend class FlowBuilder;
    struct NodeFlow {
        StaySet ready;
        StaySet held;
        StaySet onTheWay;
        std::array<std::vector<Nanoseconds>, kMessageSteps> steps;
    };

    Topology m_topology;
    std::vector<MessageMove> m_moves;
    std::vector<std::uint32_t> m_byMessage; // indices of m_moves
    std::vector<NodeFlow> m_nodes;
    std::array<std::vector<Nanoseconds>, kMessageSteps> m_ended; // sorted
    std::vector<Nanoseconds> m_lostAfterAck;                     // likewise
};

} // namespace interleave::analysis
