// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_connection.h"

#include "engine/broker/rabbitmq_frames.h"
#include "engine/broker/rabbitmq_table.h"
#include "engine/broker/wait.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <fmt/format.h>

namespace interleave::broker {

namespace {

constexpr std::uint16_t kChannel = RabbitMqLink::kChannel;

void appendPlainAck(std::vector<std::byte>& out, std::uint64_t tag, bool, bool isMultiple) {
    appendAck(out, tag, isMultiple);
}

} // namespace

RabbitMqConnection::RabbitMqConnection(std::unique_ptr<RabbitMqLink> link, const BrokerUrl& url)
    : m_link(std::move(link))
    , m_place(url.text())
    , m_heartbeatNs(Nanoseconds{url.heartbeatSeconds} * 1'000'000'000)
    , m_lastBeatNs(steadyNow()) {}

RabbitMqConnection::~RabbitMqConnection() {
    close();
}

/// body(state) does one call of rabbitmq-c and says whether it has been answered as it should.
template <class Call>
Result<void> RabbitMqConnection::call(std::string_view verb, std::string_view name, Call&& body) {
    if (auto isReady = ready(); !isReady) {
        return isReady;
    }
    if (body(m_link->state())) {
        return {};
    }
    return refused(amqp_get_rpc_reply(m_link->state()), verb, name);
}

std::unexpected<Error> RabbitMqConnection::refused(const amqp_rpc_reply_t& reply,
                                                   std::string_view verb, std::string_view name) {
    if (reply.reply_type != AMQP_RESPONSE_SERVER_EXCEPTION) {
        lose(amqp_error_string2(reply.library_error));
        return std::unexpected(lostError());
    }
    if (reply.reply.id != AMQP_CHANNEL_CLOSE_METHOD) {
        lose(viewOf(static_cast<const amqp_connection_close_t*>(reply.reply.decoded)->reply_text));
        return std::unexpected(lostError());
    }
    const auto& close = *static_cast<const amqp_channel_close_t*>(reply.reply.decoded);
    const std::uint16_t code = close.reply_code;
    const std::string text(viewOf(close.reply_text));
    // It may be about what was published before.
    const bool isPublish = close.class_id == AMQP_BASIC_PUBLISH_METHOD >> 16 &&
                           close.method_id == (AMQP_BASIC_PUBLISH_METHOD & 0xffff);
    readFrames(false); // what came before the end
    failChannel(code, text, isPublish ? "publish" : fmt::format("{} \"{}\"", verb, name));
    reopenChannel();
    auto error = m_backlog.takeRefused();
    return std::unexpected(error ? std::move(*error) : lostError());
}

Result<void> RabbitMqConnection::declare(const ExchangeSpec& exchange) {
    if (auto checked = check(exchange); !checked) {
        return checked;
    }
    const AmqpTable arguments = argumentsOf(exchange);
    return call("declare exchange", exchange.name, [&](amqp_connection_state_t state) {
        return amqp_exchange_declare(state, kChannel, amqpBytes(exchange.name),
                                     amqpBytes(routing::nameOf(exchange.kind)), 0,
                                     exchange.isDurable, exchange.isAutoDelete, 0,
                                     arguments.get()) != nullptr;
    });
}

Result<QueueState> RabbitMqConnection::declare(const QueueSpec& queue) {
    if (auto checked = check(queue); !checked) {
        return std::unexpected(checked.error());
    }
    return declareQueue("declare queue", queue, false);
}

Result<QueueState> RabbitMqConnection::inspect(const std::string& queue) {
    if (auto checked = checkName("queue name", queue); !checked) {
        return std::unexpected(checked.error());
    }
    return declareQueue("inspect queue", {.name = queue}, true);
}

Result<QueueState> RabbitMqConnection::declareQueue(std::string_view verb, const QueueSpec& queue,
                                                    bool isPassive) {
    const AmqpTable arguments = argumentsOf(queue);
    QueueState state;
    const auto done = call(verb, queue.name, [&](amqp_connection_state_t connection) {
        const auto* ok = amqp_queue_declare(connection, kChannel, amqpBytes(queue.name), isPassive,
                                            queue.isDurable, queue.isExclusive, queue.isAutoDelete,
                                            arguments.get());
        if (ok) {
            state = {std::string(viewOf(ok->queue)), ok->message_count, ok->consumer_count};
        }
        return ok != nullptr;
    });
    return done ? Result<QueueState>(std::move(state)) : std::unexpected(done.error());
}

Result<void> RabbitMqConnection::bind(const std::string& exchange, const std::string& queue,
                                      const routing::Binding& binding) {
    for (const std::string* name : {&exchange, &queue, &binding.key}) {
        if (auto checked = checkName("name or key", *name); !checked) {
            return checked;
        }
    }
    const AmqpTable arguments = argumentsOf(binding);
    return call("bind queue", queue, [&](amqp_connection_state_t state) {
        return amqp_queue_bind(state, kChannel, amqpBytes(queue), amqpBytes(exchange),
                               amqpBytes(binding.key), arguments.get()) != nullptr;
    });
}

Result<void> RabbitMqConnection::unbind(const std::string& exchange, const std::string& queue,
                                        const routing::Binding& binding) {
    for (const std::string* name : {&exchange, &queue, &binding.key}) {
        if (auto checked = checkName("name or key", *name); !checked) {
            return checked;
        }
    }
    const AmqpTable arguments = argumentsOf(binding);
    return call("unbind queue", queue, [&](amqp_connection_state_t state) {
        return amqp_queue_unbind(state, kChannel, amqpBytes(queue), amqpBytes(exchange),
                                 amqpBytes(binding.key), arguments.get()) != nullptr;
    });
}

Result<std::uint32_t> RabbitMqConnection::purge(const std::string& queue) {
    if (auto checked = checkName("queue name", queue); !checked) {
        return std::unexpected(checked.error());
    }
    std::uint32_t count = 0;
    const auto done = call("purge queue", queue, [&](amqp_connection_state_t state) {
        const auto* ok = amqp_queue_purge(state, kChannel, amqpBytes(queue));
        count = ok ? ok->message_count : 0;
        return ok != nullptr;
    });
    return done ? Result<std::uint32_t>(count) : std::unexpected(done.error());
}

Result<std::uint32_t> RabbitMqConnection::removeQueue(const std::string& queue) {
    if (auto checked = checkName("queue name", queue); !checked) {
        return std::unexpected(checked.error());
    }
    std::uint32_t count = 0;
    const auto done = call("remove queue", queue, [&](amqp_connection_state_t state) {
        const auto* ok = amqp_queue_delete(state, kChannel, amqpBytes(queue), 0, 0);
        count = ok ? ok->message_count : 0;
        return ok != nullptr;
    });
    return done ? Result<std::uint32_t>(count) : std::unexpected(done.error());
}

Result<void> RabbitMqConnection::removeExchange(const std::string& exchange) {
    if (auto checked = checkName("exchange name", exchange); !checked) {
        return checked;
    }
    return call("remove exchange", exchange, [&](amqp_connection_state_t state) {
        return amqp_exchange_delete(state, kChannel, amqpBytes(exchange), 0) != nullptr;
    });
}

Result<void> RabbitMqConnection::enableConfirms() {
    if (m_isConfirming) {
        return {};
    }
    auto done = call("confirm", "publishes", [&](amqp_connection_state_t state) {
        return amqp_confirm_select(state, kChannel) != nullptr;
    });
    m_isConfirming = done.has_value();
    return done;
}

Result<std::uint64_t> RabbitMqConnection::publish(const Outgoing& message) {
    if (auto checked = check(message); !checked) {
        return std::unexpected(checked.error());
    }
    if (!m_link) {
        return std::unexpected(lostError());
    }
    if (m_isChannelClosed) {
        if (auto isReady = ready(); !isReady) {
            return std::unexpected(isReady.error());
        }
    }
    appendPublish(m_out, message, m_link->frameMax());
    const std::uint64_t sequence = m_isConfirming ? ++m_sequence : 0;
    if (m_out.size() >= kMostUnsent) {
        if (const auto flushed = flush(); !flushed) {
            return std::unexpected(flushed.error());
        }
    }
    return sequence;
}

Result<void> RabbitMqConnection::setPrefetch(std::uint16_t count) {
    m_prefetch = count;
    return call("set the prefetch of", "the connection", [&](amqp_connection_state_t state) {
        return amqp_basic_qos(state, kChannel, 0, count, 0) != nullptr;
    });
}

Result<std::string> RabbitMqConnection::consume(const std::string& queue,
                                                const ConsumeOptions& options) {
    for (const std::string* name : {&queue, &options.tag}) {
        if (auto checked = checkName("queue name or consumer tag", *name); !checked) {
            return std::unexpected(checked.error());
        }
    }
    std::string tag;
    const auto done = call("consume from queue", queue, [&](amqp_connection_state_t state) {
        const auto* ok =
            amqp_basic_consume(state, kChannel, amqpBytes(queue), amqpBytes(options.tag), 0,
                               options.isAutoAck, options.isExclusive, AmqpTable().get());
        tag = ok ? viewOf(ok->consumer_tag) : "";
        return ok != nullptr;
    });
    if (!done) {
        return std::unexpected(done.error());
    }
    if (options.isAutoAck) {
        m_backlog.addAutoAckConsumer(tag);
    }
    return tag;
}

Result<void> RabbitMqConnection::cancel(const std::string& consumer) {
    return call("cancel consumer", consumer, [&](amqp_connection_state_t state) {
        return amqp_basic_cancel(state, kChannel, amqpBytes(consumer)) != nullptr;
    });
}

Result<void> RabbitMqConnection::settle(std::uint64_t tag,
                                        void (*append)(std::vector<std::byte>&, std::uint64_t, bool,
                                                       bool),
                                        bool isRequeued, bool isMultiple) {
    if (!m_link) {
        return std::unexpected(lostError());
    }
    const bool isOfAll = tag == 0 && isMultiple;
    if (m_isChannelClosed || (tag <= m_tagOffset && !isOfAll && tag > 0)) {
        return {}; // it went back with the channel on which it came
    }
    append(m_out, isOfAll ? 0 : tag - std::min(tag, m_tagOffset), isRequeued, isMultiple);
    return {};
}

Result<void> RabbitMqConnection::ack(std::uint64_t tag, bool isMultiple) {
    const auto settled = settle(tag, appendPlainAck, false, isMultiple);
    return settled ? flush() : settled;
}

Result<void> RabbitMqConnection::ackEach(std::span<const std::uint64_t> tags) {
    for (const std::uint64_t tag : tags) {
        if (auto settled = settle(tag, appendPlainAck, false, false); !settled) {
            return settled;
        }
    }
    return flush();
}

Result<void> RabbitMqConnection::reject(std::uint64_t tag, bool isRequeued, bool isMultiple) {
    const auto settled = settle(tag, appendNack, isRequeued, isMultiple);
    return settled ? flush() : settled;
}

Result<std::optional<Delivery>> RabbitMqConnection::get(const std::string& queue, bool isAutoAck) {
    if (auto checked = checkName("queue name", queue); !checked) {
        return std::unexpected(checked.error());
    }
    bool isThere = false;
    Delivery got;
    amqp_rpc_reply_t reply{};
    if (auto isReady = ready(); !isReady) {
        return std::unexpected(isReady.error());
    }
    reply = amqp_basic_get(m_link->state(), kChannel, amqpBytes(queue), isAutoAck);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
        return refused(reply, "get from queue", queue);
    }
    isThere = reply.reply.id == AMQP_BASIC_GET_OK_METHOD;
    if (!isThere) {
        return std::optional<Delivery>{};
    }
    const auto& ok = *static_cast<const amqp_basic_get_ok_t*>(reply.reply.decoded);
    m_lastTag = m_tagOffset + ok.delivery_tag;
    got = {.tag = m_lastTag,
           .isRedelivered = ok.redelivered != 0,
           .exchange = std::string(viewOf(ok.exchange)),
           .key = std::string(viewOf(ok.routing_key))};
    // What came before the answer is whole; the message itself is what comes next.
    while (m_link && amqp_frames_enqueued(m_link->state())) {
        readFrame(0);
    }
    m_got.reset();
    m_isGetting = true;
    m_content.begin(std::move(got));
    while (m_link && !m_got && readFrame(kLongestSilence)) {
    }
    m_isGetting = false;
    if (!m_got) {
        lose("a message broke off");
        return std::unexpected(lostError());
    }
    return std::exchange(m_got, std::nullopt);
}

void RabbitMqConnection::close() {
    if (m_link) {
        if (flush() && m_out.empty()) {
            m_link->close();
        }
    }
    cut();
}

void RabbitMqConnection::cut() {
    m_link.reset();
    m_out.clear();
    m_backlog.clear();
    m_whyLost.clear();
}

} // namespace interleave::broker
