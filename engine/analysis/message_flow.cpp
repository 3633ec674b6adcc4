// SPDX-License-Identifier: GPL-3.0-or-later
// Message by message: each has few events and few copies, so a life is a short walk.
#include "engine/analysis/message_flow.h"

#include <algorithm>
#include <numeric>

namespace interleave::analysis {

using recording::MessageEvent;
using recording::MessageStep;
using recording::Recording;

namespace {

std::size_t indexOf(MessageStep step) {
    return static_cast<std::size_t>(step);
}

} // namespace

class FlowBuilder {
public:
    explicit FlowBuilder(const Recording& recording)
        : m_recording(recording)
        , m_topology(m_flow.m_topology) {
        m_flow.m_topology = topologyOf(recording);
        // What is there at the last moment is there still.
        m_openEnd = recording.range.endNs + 1;
        if (!recording.messages.empty()) {
            m_openEnd = std::max(m_openEnd, recording.messages.back().timeNs + 1);
        }
    }

    MessageFlow build() {
        const std::vector<MessageEvent>& events = m_recording.messages;
        m_stays.resize(m_topology.nodes.size());
        m_flow.m_nodes.resize(m_topology.nodes.size());
        m_flow.m_moves.resize(events.size());
        std::vector<std::uint32_t>& order = m_flow.m_byMessage;
        order.resize(events.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return events[i].message; });
        for (std::size_t first = 0; first < order.size();) {
            std::size_t last = first;
            const std::uint32_t message = events[order[first]].message;
            while (last < order.size() && events[order[last]].message == message) {
                ++last;
            }
            follow(std::span(order).subspan(first, last - first));
            first = last;
        }
        finish();
        return std::move(m_flow);
    }

private:
    struct Copy {
        ObjectId queue;
        std::uint32_t queueNode = kNowhere;
        std::uint32_t consumer = kNowhere; // who holds it
        Nanoseconds sinceNs = 0;
        enum class Where : std::uint8_t { Ready, Held, Dying, Ended } where = Where::Ready;
        MessageStep endedBy = MessageStep::Acked;
        bool isAgain = false; // given back, or delivered once more
    };
    struct Stays {
        std::vector<Stay> ready;
        std::vector<Stay> held;
        std::vector<Stay> onTheWay;
    };

    void follow(std::span<const std::uint32_t> indices) {
        m_copies.clear();
        m_exchange = kNowhere;
        m_publisher = kNowhere;
        m_isOnTheWay = false;
        for (const std::uint32_t i : indices) {
            m_flow.m_moves[i] = take(m_recording.messages[i]);
        }
        const std::uint32_t message = m_recording.messages[indices.front()].message;
        if (m_isOnTheWay) {
            stay(&Stays::onTheWay, m_exchange, {{m_publishedNs, m_openEnd}, message});
        }
        for (Copy& copy : m_copies) {
            leave(copy, m_openEnd, message);
            if (copy.where == Copy::Where::Dying) {
                ended(copy.endedBy, copy.sinceNs);
            }
        }
    }

    MessageMove take(const MessageEvent& event) {
        MessageMove move{event.timeNs, event.message,       kNowhere,  kNowhere,
                         event.step,   event.isRedelivered, event.task};
        switch (event.step) {
        case MessageStep::Published:
            publish(event, move);
            break;
        case MessageStep::Unroutable:
        case MessageStep::Returned:
        case MessageStep::Refused:
            move.node = m_exchange;
            move.edge = edge(EdgeKind::Publish, m_publisher, m_exchange);
            if (m_isOnTheWay) { // a refusal may follow what has ended it already
                arrived(event);
                ended(event.step, event.timeNs);
            }
            break;
        case MessageStep::Confirmed:
            move.node = m_exchange;
            break;
        case MessageStep::Queued:
            arrived(event);
            enter(event, move, edge(EdgeKind::Route, m_exchange, queueOf(event)));
            break;
        case MessageStep::DeadLettered:
            deadLetter(event, move);
            break;
        case MessageStep::Delivered:
            deliver(event, move);
            break;
        case MessageStep::Requeued:
            requeue(event, move);
            break;
        default:
            endCopy(event, move);
        }
        return move;
    }

    void publish(const MessageEvent& event, MessageMove& move) {
        m_exchange = m_topology.exchange(event.object).value_or(kNowhere);
        m_publisher = m_topology.publisher(m_recording, event).value_or(kNowhere);
        move.node = m_exchange;
        move.edge = edge(EdgeKind::Publish, m_publisher, m_exchange);
        m_publishedNs = event.timeNs;
        m_isOnTheWay = true;
    }

    /// The exchange has it no longer.
    void arrived(const MessageEvent& event) {
        if (m_isOnTheWay) {
            stay(&Stays::onTheWay, m_exchange, {{m_publishedNs, event.timeNs}, event.message});
            m_isOnTheWay = false;
        }
    }

    void enter(const MessageEvent& event, MessageMove& move, std::uint32_t along) {
        move.node = queueOf(event);
        move.edge = along;
        m_copies.push_back({event.object, move.node, kNowhere, event.timeNs, Copy::Where::Ready,
                            MessageStep::Acked, false});
    }

    void deadLetter(const MessageEvent& event, MessageMove& move) {
        const auto dying = std::ranges::find(m_copies, Copy::Where::Dying, &Copy::where);
        std::uint32_t along = kNowhere;
        if (dying != m_copies.end()) {
            stay(&Stays::onTheWay, dying->queueNode,
                 {{dying->sinceNs, event.timeNs}, event.message});
            along = edge(EdgeKind::DeadLetter, dying->queueNode, queueOf(event));
            dying->where = Copy::Where::Ended;
            ended(MessageStep::DeadLettered, event.timeNs);
        }
        enter(event, move, along);
    }

    void deliver(const MessageEvent& event, MessageMove& move) {
        Copy& copy = copyIn(event);
        leave(copy, event.timeNs, event.message);
        copy.where = Copy::Where::Held;
        copy.isAgain = event.isRedelivered;
        copy.consumer = m_topology.consumer(event.worker).value_or(kNowhere);
        copy.sinceNs = event.timeNs;
        move.node = copy.consumer;
        move.edge = edge(EdgeKind::Consume, copy.queueNode, copy.consumer);
    }

    void requeue(const MessageEvent& event, MessageMove& move) {
        Copy& copy = copyIn(event);
        leave(copy, event.timeNs, event.message);
        move.node = copy.queueNode;
        move.edge = edge(EdgeKind::Consume, copy.queueNode, copy.consumer);
        copy.where = Copy::Where::Ready;
        copy.isAgain = true;
        copy.consumer = kNowhere;
        copy.sinceNs = event.timeNs;
    }

    void endCopy(const MessageEvent& event, MessageMove& move) {
        arrived(event); // dropped at the door: it never lay in the queue
        Copy& copy = copyIn(event);
        leave(copy, event.timeNs, event.message);
        const bool isHeld = copy.where == Copy::Where::Held && copy.consumer != kNowhere;
        move.node = isHeld ? copy.consumer : copy.queueNode;
        const bool mayGoOn = event.step != MessageStep::Acked && event.step != MessageStep::Lost;
        copy.where = mayGoOn ? Copy::Where::Dying : Copy::Where::Ended;
        copy.sinceNs = event.timeNs;
        copy.endedBy = event.step;
        if (!mayGoOn) {
            ended(event.step, event.timeNs);
        }
    }

    /// The copy that an event of this queue is about; made where its begin was not recorded.
    Copy& copyIn(const MessageEvent& event) {
        for (Copy& copy : m_copies) {
            const bool isOver =
                copy.where == Copy::Where::Ended || copy.where == Copy::Where::Dying;
            if (copy.queue == event.object && !isOver) {
                return copy;
            }
        }
        return m_copies.emplace_back(Copy{event.object, queueOf(event), kNowhere, event.timeNs,
                                          Copy::Where::Ready, MessageStep::Acked, false});
    }

    void leave(const Copy& copy, Nanoseconds when, std::uint32_t message) {
        const Stay left{{copy.sinceNs, when}, message, copy.isAgain};
        if (copy.where == Copy::Where::Ready) {
            stay(&Stays::ready, copy.queueNode, left);
        } else if (copy.where == Copy::Where::Held) {
            stay(&Stays::held, copy.queueNode, left);
            stay(&Stays::held, copy.consumer, left);
        }
    }

    void stay(std::vector<Stay> Stays::*list, std::uint32_t node, const Stay& stay) {
        if (node != kNowhere && !stay.range.isEmpty()) {
            (m_stays[node].*list).push_back(stay);
        }
    }

    void ended(MessageStep step, Nanoseconds when) {
        m_flow.m_ended[indexOf(step)].push_back(when);
    }

    std::uint32_t queueOf(const MessageEvent& event) const {
        return m_topology.queue(event.object).value_or(kNowhere);
    }

    std::uint32_t edge(EdgeKind kind, std::uint32_t from, std::uint32_t to) const {
        return from == kNowhere || to == kNowhere
                   ? kNowhere
                   : m_topology.edge(kind, from, to).value_or(kNowhere);
    }

    void finish() {
        for (std::size_t i = 0; i < m_stays.size(); ++i) {
            m_flow.m_nodes[i].ready = StaySet(std::move(m_stays[i].ready));
            m_flow.m_nodes[i].held = StaySet(std::move(m_stays[i].held));
            m_flow.m_nodes[i].onTheWay = StaySet(std::move(m_stays[i].onTheWay));
        }
        for (const MessageMove& move : m_flow.m_moves) {
            if (move.node != kNowhere) {
                m_flow.m_nodes[move.node].steps[indexOf(move.step)].push_back(move.timeNs);
            }
            if (move.step == MessageStep::Published && move.edge != kNowhere) {
                const std::uint32_t publisher = m_topology.edges[move.edge].from;
                m_flow.m_nodes[publisher].steps[indexOf(move.step)].push_back(move.timeNs);
            }
        }
        for (auto& times : m_flow.m_ended) {
            std::ranges::sort(times);
        }
    }

    const Recording& m_recording;
    MessageFlow m_flow;
    const Topology& m_topology;
    std::vector<Stays> m_stays; // by node
    Nanoseconds m_openEnd = 0;
    // Of the message that is followed:
    std::vector<Copy> m_copies;
    std::uint32_t m_exchange = kNowhere;
    std::uint32_t m_publisher = kNowhere;
    Nanoseconds m_publishedNs = 0;
    bool m_isOnTheWay = false;
};

MessageFlow::MessageFlow(const Recording& recording)
    : MessageFlow(FlowBuilder(recording).build()) {}

std::uint64_t MessageFlow::countAt(std::uint32_t node, MessageStep step, Nanoseconds when) const {
    const auto& times = m_nodes[node].steps[indexOf(step)];
    return static_cast<std::uint64_t>(std::ranges::upper_bound(times, when) - times.begin());
}

FlowTotals MessageFlow::totalsAt(Nanoseconds when) const {
    FlowTotals totals;
    for (std::uint32_t i = 0; i < m_nodes.size(); ++i) {
        totals.onTheWay += m_nodes[i].onTheWay.countAt(when);
        if (m_topology.nodes[i].kind == NodeKind::Queue) {
            totals.ready += m_nodes[i].ready.countAt(when);
            totals.held += m_nodes[i].held.countAt(when);
        } else if (m_topology.nodes[i].kind == NodeKind::Exchange) {
            totals.published += countAt(i, MessageStep::Published, when);
        }
    }
    for (std::size_t i = 0; i < kMessageSteps; ++i) {
        totals.ended[i] = static_cast<std::uint64_t>(std::ranges::upper_bound(m_ended[i], when) -
                                                     m_ended[i].begin());
    }
    return totals;
}

std::span<const MessageMove> MessageFlow::movesAfter(TimeRange range) const {
    const auto first = std::ranges::upper_bound(m_moves, range.beginNs, {}, &MessageMove::timeNs);
    const auto last =
        std::ranges::upper_bound(first, m_moves.end(), range.endNs, {}, &MessageMove::timeNs);
    return {first, last};
}

std::optional<Nanoseconds> MessageFlow::nextMove(Nanoseconds after) const {
    const auto next = std::ranges::upper_bound(m_moves, after, {}, &MessageMove::timeNs);
    return next == m_moves.end() ? std::nullopt : std::optional(next->timeNs);
}

std::optional<Nanoseconds> MessageFlow::previousMove(Nanoseconds before) const {
    const auto next = std::ranges::lower_bound(m_moves, before, {}, &MessageMove::timeNs);
    return next == m_moves.begin() ? std::nullopt : std::optional(std::prev(next)->timeNs);
}

std::vector<MessageMove> MessageFlow::lifeOf(std::uint32_t message) const {
    const auto range = std::ranges::equal_range(
        m_byMessage, message, {}, [&](std::uint32_t i) { return m_moves[i].message; });
    std::vector<MessageMove> life;
    for (const std::uint32_t i : range) {
        life.push_back(m_moves[i]);
    }
    return life;
}

TaskId MessageFlow::taskOf(std::uint32_t message) const {
    for (const MessageMove& move : lifeOf(message)) {
        if (move.step != MessageStep::Published && move.task) {
            return move.task;
        }
    }
    return {};
}

} // namespace interleave::analysis
