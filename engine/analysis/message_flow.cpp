// SPDX-License-Identifier: GPL-3.0-or-later
// Stays and ends come from the messages' lives; what is added here is where in the topology each
// event happened.
#include "engine/analysis/message_flow.h"

#include "engine/recording/message_lives.h"

#include <algorithm>
#include <unordered_map>

namespace interleave::analysis {

using recording::CopyEnd;
using recording::MessageCopy;
using recording::MessageDelivery;
using recording::MessageEvent;
using recording::MessageLives;
using recording::MessageStep;
using recording::Recording;

namespace {

std::size_t indexOf(MessageStep step) {
    return static_cast<std::size_t>(step);
}

MessageStep stepOf(CopyEnd end) {
    switch (end) {
    case CopyEnd::DeadLettered:
        return MessageStep::DeadLettered;
    case CopyEnd::Rejected:
        return MessageStep::Rejected;
    case CopyEnd::Expired:
        return MessageStep::Expired;
    case CopyEnd::Overflowed:
        return MessageStep::Overflowed;
    case CopyEnd::Lost:
        return MessageStep::Lost;
    default:
        return MessageStep::Acked;
    }
}

std::uint64_t copyKey(const MessageEvent& event) {
    return std::uint64_t{event.message} << 32 | event.object.value;
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
        m_stays.resize(m_topology.nodes.size());
        m_flow.m_nodes.resize(m_topology.nodes.size());
        m_flow.m_moves.reserve(m_recording.messages.size());
        m_ways.reserve(m_recording.messages.size() / 4);
        for (const MessageEvent& event : m_recording.messages) {
            m_flow.m_moves.push_back(moveOf(event));
        }
        for (const auto& [message, way] : m_ways) {
            if (way.isOnTheWay) {
                stay(&Stays::onTheWay, way.exchange, {{way.publishedNs, m_openEnd}, message});
            }
        }
        addLives(MessageLives::of(m_recording.messages));
        m_flow.m_byMessage = recording::byMessageAndQueue(m_recording.messages);
        finish();
        return std::move(m_flow);
    }

private:
    /// Of a message, as far as its events have been looked at.
    struct Way {
        std::uint32_t exchange = kNowhere;
        std::uint32_t publisher = kNowhere;
        std::uint32_t diedIn = kNowhere;
        Nanoseconds publishedNs = 0;
        bool isOnTheWay = false;
    };
    struct Stays {
        std::vector<Stay> ready;
        std::vector<Stay> held;
        std::vector<Stay> onTheWay;
    };

    MessageMove moveOf(const MessageEvent& event) {
        MessageMove move{event.timeNs, event.message,       kNowhere,  kNowhere,
                         event.step,   event.isRedelivered, event.task};
        Way& way = m_ways[event.message];
        const std::uint32_t queue = m_topology.queue(event.object).value_or(kNowhere);
        switch (event.step) {
        case MessageStep::Published:
            way.exchange = m_topology.exchange(event.object).value_or(kNowhere);
            way.publisher = m_topology.publisher(m_recording, event).value_or(kNowhere);
            way.publishedNs = event.timeNs;
            way.isOnTheWay = true;
            move.node = way.exchange;
            move.edge = edge(EdgeKind::Publish, way.publisher, way.exchange);
            return move;
        case MessageStep::Confirmed:
            move.node = way.exchange;
            return move;
        case MessageStep::Unroutable:
        case MessageStep::Returned:
        case MessageStep::Refused:
            move.node = way.exchange;
            move.edge = edge(EdgeKind::Publish, way.publisher, way.exchange);
            if (way.isOnTheWay) { // a refusal may follow what has ended it already
                ended(event.step, event.timeNs);
            }
            break;
        case MessageStep::Queued:
            move.node = queue;
            move.edge = edge(EdgeKind::Route, way.exchange, queue);
            break;
        case MessageStep::DeadLettered:
            move.node = queue;
            move.edge = edge(EdgeKind::DeadLetter, way.diedIn, queue);
            break;
        case MessageStep::Delivered:
            move.node = m_topology.consumer(event.worker).value_or(kNowhere);
            move.edge = edge(EdgeKind::Consume, queue, move.node);
            m_holders[copyKey(event)] = move.node;
            break;
        case MessageStep::Requeued:
            move.node = queue;
            move.edge = edge(EdgeKind::Consume, queue, holderOf(event));
            m_holders.erase(copyKey(event));
            break;
        default: // the copy ends, with whoever has it
            move.node = holderOf(event) == kNowhere ? queue : holderOf(event);
            way.diedIn = queue;
        }
        if (way.isOnTheWay) { // the exchange has it no longer
            stay(&Stays::onTheWay, way.exchange, {{way.publishedNs, event.timeNs}, event.message});
            way.isOnTheWay = false;
        }
        return move;
    }

    std::uint32_t holderOf(const MessageEvent& event) const {
        const auto holder = m_holders.find(copyKey(event));
        return holder == m_holders.end() ? kNowhere : holder->second;
    }

    void addLives(const MessageLives& lives) {
        for (const MessageCopy& copy : lives.copies) {
            const std::uint32_t queue = m_topology.queue(copy.queue).value_or(kNowhere);
            Nanoseconds readySince = copy.queuedNs;
            bool isAgain = false;
            bool isReady = true;
            for (const MessageDelivery& delivery : lives.deliveriesOf(copy)) {
                stay(&Stays::ready, queue,
                     {{delivery.readySinceNs, delivery.timeNs}, copy.message, isAgain});
                const Stay held{{delivery.timeNs, std::min(delivery.endNs, m_openEnd)},
                                copy.message,
                                delivery.isRedelivered};
                stay(&Stays::held, queue, held);
                stay(&Stays::held, m_topology.consumer(delivery.worker).value_or(kNowhere), held);
                isAgain = true;
                isReady = delivery.end == MessageStep::Requeued;
                readySince = delivery.endNs;
            }
            if (isReady) {
                stay(&Stays::ready, queue,
                     {{readySince, std::min(copy.endNs, m_openEnd)}, copy.message, isAgain});
            }
            if (copy.origin) {
                const MessageCopy& origin = lives.copies[*copy.origin];
                stay(&Stays::onTheWay, m_topology.queue(origin.queue).value_or(kNowhere),
                     {{origin.endNs, copy.queuedNs}, copy.message});
            }
            addEnd(copy);
        }
    }

    void addEnd(const MessageCopy& copy) {
        if (copy.end == CopyEnd::Lost) {
            if (copy.isAcked) { // it counted as done until its consumer died
                ended(MessageStep::Acked, copy.endNs);
                m_flow.m_lostAfterAck.push_back(copy.lostNs);
            }
            ended(MessageStep::Lost, copy.lostNs);
        } else if (copy.end == CopyEnd::DeadLettered) {
            // It counts as gone on when it has arrived, and as on the way until then.
            ended(MessageStep::DeadLettered, copy.endNs);
        } else if (copy.isOver()) {
            ended(stepOf(copy.end), copy.endNs);
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
        std::ranges::sort(m_flow.m_lostAfterAck);
    }

    const Recording& m_recording;
    MessageFlow m_flow;
    const Topology& m_topology;
    std::vector<Stays> m_stays;                                 // by node
    std::unordered_map<std::uint32_t, Way> m_ways;              // by message
    std::unordered_map<std::uint64_t, std::uint32_t> m_holders; // consumers by copy
    Nanoseconds m_openEnd = 0;
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
    totals.ended[indexOf(MessageStep::Acked)] -= static_cast<std::uint64_t>(
        std::ranges::upper_bound(m_lostAfterAck, when) - m_lostAfterAck.begin());
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
    std::ranges::stable_sort(life, {}, &MessageMove::timeNs);
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
