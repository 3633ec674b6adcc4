// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/control_line.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>
#include <unistd.h>
#include <utility>
#include <variant>

namespace interleave::celery_events {

namespace {

using Json = nlohmann::json;

// As Celery declares them.
constexpr const char* kCommandExchange = "celery.pidbox";
constexpr const char* kReplyExchange = "reply.celery.pidbox";
constexpr std::size_t kMostAnswers = 10'000;

broker::ExchangeSpec transient(const char* name, routing::ExchangeKind kind) {
    broker::ExchangeSpec exchange;
    exchange.name = name;
    exchange.kind = kind;
    return exchange;
}

broker::Properties jsonProperties() {
    broker::Properties properties;
    properties.contentType = "application/json";
    return properties;
}

} // namespace

Result<ControlLine> ControlLine::open(broker::Broker& broker) {
    auto connection = broker.connect("interleave control");
    if (!connection) {
        return std::unexpected(connection.error());
    }
    if (auto declared =
            (*connection)->declare(transient(kCommandExchange, routing::ExchangeKind::Fanout));
        !declared) {
        return std::unexpected(declared.error());
    }
    std::random_device random;
    return ControlLine(std::move(*connection),
                       fmt::format("interleave-{}-{:08x}", ::getpid(), random()));
}

Result<void> ControlLine::broadcast(const char* method, bool wantsReply) {
    Json message{{"method", method},
                 {"arguments", Json::object()},
                 {"destination", nullptr},
                 {"pattern", nullptr},
                 {"matcher", nullptr}};
    if (wantsReply) {
        if (auto made = makeReplyQueue(); !made) {
            return made;
        }
        message["ticket"] = m_replyKey;
        message["reply_to"] = {{"exchange", kReplyExchange}, {"routing_key", m_replyKey}};
    }
    const broker::Properties properties = jsonProperties();
    const std::string body = message.dump();
    auto published = m_connection->publish({.exchange = kCommandExchange,
                                            .key = "",
                                            .properties = properties,
                                            .body = std::as_bytes(std::span(body))});
    if (!published) {
        return std::unexpected(published.error());
    }
    return m_connection->flush();
}

Result<void> ControlLine::makeReplyQueue() {
    if (m_hasReplyQueue) {
        return {};
    }
    broker::QueueSpec queue;
    queue.name = m_replyKey;
    queue.isExclusive = true;
    queue.isAutoDelete = true;
    routing::Binding binding;
    binding.key = m_replyKey;
    broker::ConsumeOptions options;
    options.isAutoAck = true;
    auto done = m_connection->declare(transient(kReplyExchange, routing::ExchangeKind::Direct));
    if (auto declared = m_connection->declare(queue); done && !declared) {
        done = std::unexpected(declared.error());
    }
    done = done ? m_connection->bind(kReplyExchange, m_replyKey, binding) : done;
    if (!done) {
        return done;
    }
    if (auto consumed = m_connection->consume(m_replyKey, options); !consumed) {
        return std::unexpected(consumed.error());
    }
    m_hasReplyQueue = true;
    return {};
}

void ControlLine::collect() {
    while (m_hasReplyQueue) {
        auto event = m_connection->next(0);
        if (!event || !*event) {
            return;
        }
        const auto* const delivery = std::get_if<broker::Delivery>(&**event);
        if (delivery == nullptr) {
            continue;
        }
        const auto* const begin = reinterpret_cast<const char*>(delivery->body.data());
        const Json answer = Json::parse(begin, begin + delivery->body.size(), nullptr, false);
        if (answer.is_object()) {
            for (const auto& [worker, said] : answer.items()) {
                if (m_answered.size() < kMostAnswers) {
                    m_answered.insert(worker);
                }
            }
        }
    }
}

} // namespace interleave::celery_events
