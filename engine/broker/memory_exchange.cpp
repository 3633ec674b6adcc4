// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_exchange.h"

#include <algorithm>

namespace interleave::broker {

namespace {

void addOnce(std::vector<MemoryQueue*>& queues, MemoryQueue* queue) {
    if (std::ranges::find(queues, queue) == queues.end()) {
        queues.push_back(queue);
    }
}

bool isSame(const routing::Binding& a, const routing::Binding& b) {
    return a.key == b.key && a.headers == b.headers && a.match == b.match;
}

} // namespace

void MemoryExchange::bind(MemoryQueue& queue, const routing::Binding& binding) {
    if (m_spec.kind == routing::ExchangeKind::Direct) {
        addOnce(m_byKey[binding.key], &queue);
        return;
    }
    unbind(queue, binding);
    m_bindings.push_back({&queue, binding});
}

void MemoryExchange::unbind(const MemoryQueue& queue, const routing::Binding& binding) {
    if (const auto bound = m_byKey.find(binding.key); bound != m_byKey.end()) {
        std::erase(bound->second, &queue);
        if (bound->second.empty()) {
            m_byKey.erase(bound);
        }
    }
    std::erase_if(m_bindings, [&](const Bound& bound) {
        return bound.queue == &queue && isSame(bound.binding, binding);
    });
}

void MemoryExchange::unbindAll(const MemoryQueue& queue) {
    for (auto& [key, queues] : m_byKey) {
        std::erase(queues, &queue);
    }
    std::erase_if(m_byKey, [](const auto& bound) { return bound.second.empty(); });
    std::erase_if(m_bindings, [&](const Bound& bound) { return bound.queue == &queue; });
}

void MemoryExchange::route(const std::string& key, const routing::Headers& headers,
                           std::vector<MemoryQueue*>& queues) const {
    if (const auto bound = m_byKey.find(key); bound != m_byKey.end()) {
        for (MemoryQueue* queue : bound->second) {
            addOnce(queues, queue);
        }
    }
    for (const Bound& bound : m_bindings) {
        if (routing::routes(m_spec.kind, bound.binding, key, headers)) {
            addOnce(queues, bound.queue);
        }
    }
}

} // namespace interleave::broker
