// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_channel.h"

#include "engine/base/check.h"

#include <utility>

namespace interleave::broker {

Event toEvent(Outbound outbound) {
    if (outbound.event) {
        return std::move(*outbound.event);
    }
    const Message& message = *outbound.message;
    return Delivery{*outbound.consumer, outbound.tag,  outbound.isRedelivered,
                    message.exchange,   message.key,   message.properties,
                    message.body,       message.deaths};
}

void Ledger::hold(std::uint64_t tag, Held held) {
    if (m_held.empty()) {
        m_firstTag = tag;
    }
    CHECK(tag >= m_firstTag + m_held.size());
    m_held.resize(tag - m_firstTag); // auto-acknowledged ones in between
    held.isHeld = true;
    m_held.push_back(std::move(held));
}

Ledger::Held* Ledger::find(std::uint64_t tag) {
    if (tag < m_firstTag || tag - m_firstTag >= m_held.size() || !m_held[tag - m_firstTag].isHeld) {
        return nullptr;
    }
    return &m_held[tag - m_firstTag];
}

std::vector<Ledger::Held> Ledger::take(std::uint64_t tag, bool isMultiple) {
    std::vector<Held> taken;
    const std::size_t end = tag - m_firstTag + 1;
    for (std::size_t i = isMultiple ? 0 : end - 1; i < end; ++i) {
        if (m_held[i].isHeld) {
            taken.push_back(std::exchange(m_held[i], {}));
        }
    }
    dropTaken();
    return taken;
}

std::vector<Ledger::Held> Ledger::takeAll() {
    return m_held.empty() ? std::vector<Held>{} : take(m_firstTag + m_held.size() - 1, true);
}

void Ledger::dropTaken() {
    while (!m_held.empty() && !m_held.front().isHeld) {
        m_held.pop_front();
        ++m_firstTag;
    }
}

} // namespace interleave::broker
