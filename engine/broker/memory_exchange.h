// SPDX-License-Identifier: GPL-3.0-or-later
// An exchange of the memory broker: its bindings, and which queues they send a message to.
#pragma once

#include "engine/broker/memory_message.h"

#include <map>
#include <unordered_map>

namespace interleave::broker {

class MemoryQueue;

class MemoryExchange {
public:
    explicit MemoryExchange(ExchangeSpec spec)
        : m_spec(std::move(spec)) {}

    const ExchangeSpec& spec() const { return m_spec; }
    /// Again the same one changes nothing.
    void bind(MemoryQueue& queue, const routing::Binding& binding);
    void unbind(const MemoryQueue& queue, const routing::Binding& binding);
    void unbindAll(const MemoryQueue& queue);
    bool hasBindings() const { return !m_bindings.empty() || !m_byKey.empty(); }

    /// Adds each queue once to `queues`, in the order of the bindings.
    void route(const std::string& key, const routing::Headers& headers,
               std::vector<MemoryQueue*>& queues) const;

private:
    struct Bound {
        MemoryQueue* queue;
        routing::Binding binding;
    };
    ExchangeSpec m_spec;
    std::vector<Bound> m_bindings; // but those of direct exchanges
    std::unordered_map<std::string, std::vector<MemoryQueue*>> m_byKey; // of direct exchanges
};

} // namespace interleave::broker
