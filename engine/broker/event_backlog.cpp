// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/event_backlog.h"

#include <utility>

namespace interleave::broker {

void EventBacklog::fail(std::optional<Error> refused) {
    std::erase_if(m_events, [&](const Event& event) {
        const auto* delivery = std::get_if<Delivery>(&event);
        return delivery && !m_autoAckConsumers.contains(delivery->consumer);
    });
    m_autoAckConsumers.clear();
    if (refused) {
        m_refused = std::move(refused);
    }
}

std::optional<Result<std::optional<Event>>> EventBacklog::take() {
    if (!m_events.empty()) {
        std::optional<Event> event(std::move(m_events.front()));
        m_events.pop_front();
        return Result<std::optional<Event>>(std::move(event));
    }
    if (auto refused = takeRefused()) {
        return Result<std::optional<Event>>(std::unexpected(std::move(*refused)));
    }
    return std::nullopt;
}

} // namespace interleave::broker
