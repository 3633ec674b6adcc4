// SPDX-License-Identifier: GPL-3.0-or-later
// A message on its way in: a method frame that announces it, one with its properties, and its body
// in pieces.
#pragma once

#include "engine/broker/broker.h"

struct amqp_frame_t_;

namespace interleave::broker {

class IncomingContent {
public:
    void begin(Delivery delivery) { start(std::move(delivery)); }
    void begin(Returned returned) { start(std::move(returned)); }
    bool isUnderWay() const { return m_isUnderWay; }
    /// A header or body frame; the whole event with the last one.
    std::optional<Event> take(const amqp_frame_t_& frame);

private:
    void start(Event event);
    std::vector<std::byte>& body();

    Event m_event;
    std::size_t m_missing = 0; // bytes of the body
    bool m_isUnderWay = false;
    bool m_hasHeader = false;
};

} // namespace interleave::broker
