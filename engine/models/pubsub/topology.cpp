// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/topology.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <random>
#include <set>

namespace interleave::models {

using scenario::ExchangeDeclaration;
using scenario::MessageQueueDeclaration;

Topology::Topology(const scenario::Program& program, std::string prefix)
    : m_program(program)
    , m_prefix(std::move(prefix)) {}

std::string Topology::nameOf(ObjectId object) const {
    return object ? m_prefix + m_program.object(object).name : m_prefix;
}

std::vector<ObjectId> Topology::queues() const {
    std::vector<ObjectId> ids;
    for (std::size_t i = 0; i < m_program.scenario->messageQueues.size(); ++i) {
        ids.push_back(m_program.messageQueueId(i));
    }
    return ids;
}

std::unordered_map<std::string, ObjectId> Topology::queueNames() const {
    std::unordered_map<std::string, ObjectId> names;
    for (const ObjectId queue : queues()) {
        names.emplace(nameOf(queue), queue);
    }
    return names;
}

broker::QueueSpec Topology::specOf(const MessageQueueDeclaration& queue) const {
    broker::QueueSpec spec;
    spec.name = m_prefix + queue.name;
    spec.isDurable = queue.isDurable;
    if (queue.ttlNs > 0) {
        spec.messageTtlNs = queue.ttlNs;
    }
    if (queue.maxLength > 0) {
        spec.maxLength = queue.maxLength;
    }
    spec.overflow = queue.overflow == scenario::QueueOverflow::RejectPublish
                        ? broker::Overflow::RejectPublish
                        : broker::Overflow::DropHead;
    if (queue.deadLetterExchange) {
        spec.deadLetterExchange = nameOf(m_program.exchangeId(*queue.deadLetterExchange));
        spec.deadLetterKey = queue.deadLetterKey;
    } else if (queue.deadLetterKey) {
        spec.deadLetterExchange = nameOf({});
        spec.deadLetterKey = queue.deadLetterKey;
    }
    spec.maxPriority = queue.maxPriority;
    return spec;
}

Result<void> Topology::declare(broker::Connection& connection) const {
    const scenario::Scenario& scenario = *m_program.scenario;
    if (!m_prefix.empty()) {
        broker::ExchangeSpec ownDefault;
        ownDefault.name = nameOf({});
        if (auto declared = connection.declare(ownDefault); !declared) {
            return declared;
        }
    }
    for (const ExchangeDeclaration& exchange : scenario.exchanges) {
        broker::ExchangeSpec spec;
        spec.name = m_prefix + exchange.name;
        spec.kind = exchange.kind;
        spec.isDurable = exchange.isDurable;
        if (exchange.alternate) {
            spec.alternate = nameOf(m_program.exchangeId(*exchange.alternate));
        }
        if (auto declared = connection.declare(spec); !declared) {
            return declared;
        }
    }
    for (const MessageQueueDeclaration& queue : scenario.messageQueues) {
        if (auto declared = connection.declare(specOf(queue)); !declared) {
            return std::unexpected(declared.error());
        }
        if (!m_prefix.empty()) {
            if (auto bound =
                    connection.bind(nameOf({}), m_prefix + queue.name, {.key = queue.name});
                !bound) {
                return bound;
            }
        }
        for (const auto& bind : queue.bindings) {
            if (auto bound = connection.bind(nameOf(m_program.exchangeId(bind.exchange)),
                                             m_prefix + queue.name, bind.binding);
                !bound) {
                return bound;
            }
        }
    }
    return {};
}

Result<void> Topology::remove(broker::Connection& connection) const {
    Result<void> last;
    for (const MessageQueueDeclaration& queue : m_program.scenario->messageQueues) {
        if (auto removed = connection.removeQueue(m_prefix + queue.name); !removed) {
            last = std::unexpected(removed.error());
        }
    }
    for (const ExchangeDeclaration& exchange : m_program.scenario->exchanges) {
        if (auto removed = connection.removeExchange(m_prefix + exchange.name); !removed) {
            last = removed;
        }
    }
    if (!m_prefix.empty()) {
        if (auto removed = connection.removeExchange(nameOf({})); !removed) {
            last = removed;
        }
    }
    return last;
}

// --- dead letters --------------------------------------------------------------------------------

std::vector<Topology::Lying> Topology::afterDeath(const Lying& lying,
                                                  const routing::Headers& headers) const {
    const scenario::Scenario& scenario = *m_program.scenario;
    const std::size_t first = m_program.messageQueueId(0).value;
    const MessageQueueDeclaration& from = scenario.messageQueues[lying.queue.value - first];
    std::vector<Lying> targets;
    const std::string key = from.deadLetterKey.value_or(lying.key);
    std::optional<std::size_t> exchange = from.deadLetterExchange;
    if (!exchange && !from.deadLetterKey) {
        return targets;
    }
    for (std::size_t i = 0; !exchange && i < scenario.messageQueues.size(); ++i) {
        if (scenario.messageQueues[i].name == key) {
            targets.push_back({m_program.messageQueueId(i), key});
        }
    }
    // Alternates may lead round in a circle; a broker asks each of them once.
    std::set<std::size_t> asked;
    while (targets.empty() && exchange && asked.insert(*exchange).second) {
        const ExchangeDeclaration& declared = scenario.exchanges[*exchange];
        for (std::size_t i = 0; i < scenario.messageQueues.size(); ++i) {
            if (std::ranges::any_of(scenario.messageQueues[i].bindings, [&](const auto& bind) {
                    return bind.exchange == *exchange &&
                           routing::routes(declared.kind, bind.binding, key, headers);
                })) {
                targets.push_back({m_program.messageQueueId(i), key});
            }
        }
        exchange = declared.alternate;
    }
    return targets;
}

std::vector<ObjectId> Topology::deadLetterTargets(ObjectId queue, const std::string& key,
                                                  const routing::Headers& headers) const {
    std::vector<ObjectId> targets;
    for (const Lying& lying : afterDeath({queue, key}, headers)) {
        targets.push_back(lying.queue);
    }
    return targets;
}

bool Topology::comesBack(ObjectId queue, const std::string& key,
                         const routing::Headers& headers) const {
    std::vector<Lying> open{{queue, key}};
    std::set<Lying> seen;
    while (!open.empty()) {
        const Lying lying = open.back();
        open.pop_back();
        for (const Lying& next : afterDeath(lying, headers)) {
            if (next.queue == queue) {
                return true;
            }
            if (seen.insert(next).second) {
                open.push_back(next);
            }
        }
    }
    return false;
}

std::string uniquePrefix() {
    std::random_device device;
    return fmt::format("interleave.{:08x}{:08x}.", device(), device());
}

} // namespace interleave::models
