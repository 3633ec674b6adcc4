// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/message_routes.h"

#include <algorithm>
#include <set>

namespace interleave::scenario {

MessageRoutes::MessageRoutes(const Scenario& scenario)
    : m_scenario(scenario)
    , m_bound(scenario.exchanges.size())
    , m_handlers(scenario.messageQueues.size()) {
    for (std::size_t i = 0; i < scenario.messageQueues.size(); ++i) {
        m_queuesByName.emplace(scenario.messageQueues[i].name, i);
        for (const auto& bind : scenario.messageQueues[i].bindings) {
            m_bound[bind.exchange].push_back({i, &bind.binding});
        }
    }
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        if (const auto queue = scenario.tasks[i].handles) {
            m_handlers[*queue] = i;
        }
    }
}

const MessageRoutes::Reach& MessageRoutes::of(const PublishStep& step, std::size_t key) {
    const auto [known, isNew] = m_known.try_emplace({&step, key});
    if (isNew) {
        known->second = reach(step, step.keys[key]);
    }
    return known->second;
}

MessageRoutes::Reach MessageRoutes::reach(const PublishStep& step, const std::string& key) {
    Reach result;
    result.queues = routed(step.exchange, key, step.headers);
    result.routed = result.queues.size();
    std::vector<Lying> open;
    for (const std::size_t queue : result.queues) {
        open.push_back({queue, key});
    }
    // A dead letter may get a new key, so it goes on from one queue in more than one way.
    std::set<Lying> seen(open.begin(), open.end());
    for (std::size_t next = 0; next < open.size(); ++next) {
        const Lying lying = open[next];
        // A broker takes the time of expiry off a dead letter.
        if (!canDie(lying.queue, next < result.routed && step.expiresNs > 0)) {
            continue;
        }
        const MessageQueueDeclaration& queue = m_scenario.messageQueues[lying.queue];
        const std::string newKey = queue.deadLetterKey.value_or(lying.key);
        for (const std::size_t to : routed(queue.deadLetterExchange, newKey, step.headers)) {
            if (!seen.insert({to, newKey}).second) {
                continue;
            }
            open.push_back({to, newKey});
            if (std::ranges::find(result.queues, to) == result.queues.end()) {
                result.queues.push_back(to);
            }
        }
    }
    return result;
}

std::vector<std::size_t> MessageRoutes::routed(Exchange exchange, const std::string& key,
                                               const routing::Headers& headers) {
    std::vector<std::size_t> queues;
    if (!exchange) {
        if (const auto named = m_queuesByName.find(key); named != m_queuesByName.end()) {
            queues.push_back(named->second);
        }
        return queues;
    }
    // Alternates may lead round in a circle; a broker asks each of them once.
    std::vector<std::size_t> asked;
    while (queues.empty() && exchange && !isTooLarge() &&
           std::ranges::find(asked, *exchange) == asked.end()) {
        asked.push_back(*exchange);
        const ExchangeDeclaration& declared = m_scenario.exchanges[*exchange];
        m_looks += m_bound[*exchange].size() + 1;
        for (const BoundQueue& bound : m_bound[*exchange]) {
            // Bindings come queue by queue: one that is bound twice gets one copy.
            if ((queues.empty() || queues.back() != bound.queue) &&
                routing::routes(declared.kind, *bound.binding, key, headers)) {
                queues.push_back(bound.queue);
            }
        }
        exchange = declared.alternate;
    }
    return queues;
}

bool MessageRoutes::canDie(std::size_t queue, bool expires) const {
    const MessageQueueDeclaration& declared = m_scenario.messageQueues[queue];
    if (!declared.deadLetterExchange && !declared.deadLetterKey) {
        return false;
    }
    const bool isRejected = m_handlers[queue].has_value();
    const bool overflows = declared.maxLength > 0 && declared.overflow == QueueOverflow::DropHead;
    return isRejected || expires || declared.ttlNs > 0 || overflows;
}

} // namespace interleave::scenario
