// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_content.h"

#include "engine/broker/rabbitmq_table.h"

#include <amqp.h>
#include <amqp_framing.h>

namespace interleave::broker {

void IncomingContent::start(Event event) {
    m_event = std::move(event);
    m_isUnderWay = true;
    m_hasHeader = false;
}

std::vector<std::byte>& IncomingContent::body() {
    auto* delivery = std::get_if<Delivery>(&m_event);
    return delivery ? delivery->body : std::get<Returned>(m_event).body;
}

std::optional<Event> IncomingContent::take(const amqp_frame_t& frame) {
    if (!m_isUnderWay) {
        return std::nullopt; // of nothing that was announced
    }
    if (frame.frame_type == AMQP_FRAME_HEADER) {
        const auto& properties =
            *static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
        if (auto* delivery = std::get_if<Delivery>(&m_event)) {
            delivery->properties = propertiesOf(properties);
            delivery->deaths = deathsOf(properties);
        } else {
            std::get<Returned>(m_event).properties = propertiesOf(properties);
        }
        m_missing = frame.payload.properties.body_size;
        body().reserve(m_missing);
        m_hasHeader = true;
    } else {
        const std::string_view piece = viewOf(frame.payload.body_fragment);
        const auto bytes = std::as_bytes(std::span(piece));
        body().insert(body().end(), bytes.begin(), bytes.end());
        m_missing -= std::min(m_missing, piece.size());
    }
    if (!m_hasHeader || m_missing > 0) {
        return std::nullopt;
    }
    m_isUnderWay = false;
    return std::move(m_event);
}

} // namespace interleave::broker
