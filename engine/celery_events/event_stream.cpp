// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/event_stream.h"

#include "engine/record/clock.h"

#include <utility>
#include <variant>

namespace interleave::celery_events {

namespace {

// As Celery declares it, so that it doesn't matter who comes first.
constexpr const char* kEventExchange = "celeryev";

/// So many wait for us in the broker at most, should we be stopped for a while; the oldest go.
constexpr std::uint32_t kMostWaiting = 200'000;

Result<void> subscribe(broker::Connection& connection) {
    broker::ExchangeSpec exchange;
    exchange.name = kEventExchange;
    exchange.kind = routing::ExchangeKind::Topic;
    exchange.isDurable = true;
    // With other arguments it may exist as well: what counts is whether it can be bound to.
    if (const auto declared = connection.declare(exchange); !declared && connection.isLost()) {
        return declared;
    }
    broker::QueueSpec own;
    own.isExclusive = true;
    own.isAutoDelete = true;
    own.maxLength = kMostWaiting;
    const auto queue = connection.declare(own);
    if (!queue) {
        return std::unexpected(queue.error());
    }
    routing::Binding binding;
    binding.key = "#";
    if (auto bound = connection.bind(kEventExchange, queue->name, binding); !bound) {
        return bound;
    }
    broker::ConsumeOptions options;
    options.isAutoAck = true;
    const auto consumed = connection.consume(queue->name, options);
    return consumed ? Result<void>() : std::unexpected(consumed.error());
}

} // namespace

Result<EventStream> EventStream::open(broker::Broker& broker) {
    EventStream stream(broker);
    if (auto opened = stream.reopen(); !opened) {
        return std::unexpected(opened.error());
    }
    return stream;
}

Result<void> EventStream::reopen() {
    m_connection.reset();
    auto connection = m_broker->connect("interleave events");
    if (!connection) {
        return std::unexpected(connection.error());
    }
    if (auto subscribed = subscribe(**connection); !subscribed) {
        return subscribed;
    }
    m_connection = std::move(*connection);
    return {};
}

Result<std::vector<ClusterEvent>> EventStream::next(Nanoseconds waitNs) {
    auto event = m_connection->next(waitNs);
    if (!event) {
        return std::unexpected(event.error());
    }
    if (!*event) {
        return std::vector<ClusterEvent>();
    }
    if (std::holds_alternative<broker::ConsumerCancelled>(**event)) {
        return fail("The broker has removed the queue of our events.", ErrorKind::MissingPart);
    }
    const auto* const delivery = std::get_if<broker::Delivery>(&**event);
    if (delivery == nullptr) {
        return std::vector<ClusterEvent>();
    }
    const Nanoseconds now = record::monotonicNow();
    ParsedMessage parsed = parseMessage(delivery->body);
    m_faults += parsed.faults;
    m_unknowns += parsed.unknowns;
    for (ClusterEvent& received : parsed.events) {
        received.arrivalNs = now;
    }
    return std::move(parsed.events);
}

} // namespace interleave::celery_events
