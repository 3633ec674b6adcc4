// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_frames.h"

#include "engine/base/check.h"
#include "engine/broker/rabbitmq_link.h"
#include "engine/broker/rabbitmq_table.h"
#include "engine/broker/refusal.h"

#include <algorithm>
#include <amqp.h>
#include <amqp_framing.h>
#include <fmt/format.h>

namespace interleave::broker {

namespace {

constexpr std::size_t kFrameHead = 7; // type, channel, length
constexpr std::byte kFrameEnd{0xce};
constexpr std::size_t kContentHead = 12; // class, weight, length of the body
constexpr std::uint16_t kBasicClass = 60;
constexpr std::size_t kPropertiesFixed = 64; // flags, numbers and the lengths of texts

template <class T>
void putNumber(std::byte* at, T value) {
    for (std::size_t i = 0; i < sizeof value; ++i) {
        at[i] = static_cast<std::byte>(value >> (8 * (sizeof value - 1 - i)));
    }
}

/// A frame of which at most `room` bytes of payload are written by fill(span), which returns how
/// many they were.
template <class Fill>
void appendFrame(std::vector<std::byte>& out, std::uint8_t type, std::size_t room, Fill&& fill) {
    const std::size_t begin = out.size();
    out.resize(begin + kFrameHead + room + 1);
    std::byte* const head = out.data() + begin;
    const std::size_t length = fill(std::span(head + kFrameHead, room));
    head[0] = static_cast<std::byte>(type);
    putNumber(head + 1, RabbitMqLink::kChannel);
    putNumber(head + 3, static_cast<std::uint32_t>(length));
    head[kFrameHead + length] = kFrameEnd;
    out.resize(begin + kFrameHead + length + 1);
}

template <class Method>
void appendMethod(std::vector<std::byte>& out, amqp_method_number_t id, Method method,
                  std::size_t room) {
    appendFrame(out, AMQP_FRAME_METHOD, room, [&](std::span<std::byte> space) {
        putNumber(space.data(), id);
        const int size = amqp_encode_method(id, &method, {space.size() - 4, space.data() + 4});
        CHECK(size >= 0);
        return static_cast<std::size_t>(size) + 4;
    });
}

/// As long as its texts and what surrounds them.
std::size_t roomFor(const Properties& p) {
    std::size_t room = kPropertiesFixed + p.messageId.size() + p.correlationId.size() +
                       p.replyTo.size() + p.type.size() + p.contentType.size();
    for (const auto& [name, value] : p.headers) {
        const auto* text = std::get_if<std::string>(&value);
        room += name.size() + (text ? text->size() : 0) + 16;
    }
    return room;
}

void appendHeader(std::vector<std::byte>& out, const Properties& properties, std::size_t bodySize) {
    const AmqpTable headers = tableOf(properties.headers);
    amqp_basic_properties_t p{};
    const auto give = [&](amqp_flags_t flag, const std::string& from, amqp_bytes_t& to) {
        if (!from.empty()) {
            p._flags |= flag;
            to = amqpBytes(from);
        }
    };
    std::string expiration;
    if (properties.expirationNs) {
        expiration = fmt::format("{}", toMilliseconds(*properties.expirationNs));
    }
    give(AMQP_BASIC_MESSAGE_ID_FLAG, properties.messageId, p.message_id);
    give(AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlationId, p.correlation_id);
    give(AMQP_BASIC_REPLY_TO_FLAG, properties.replyTo, p.reply_to);
    give(AMQP_BASIC_TYPE_FLAG, properties.type, p.type);
    give(AMQP_BASIC_CONTENT_TYPE_FLAG, properties.contentType, p.content_type);
    give(AMQP_BASIC_EXPIRATION_FLAG, expiration, p.expiration);
    if (!properties.headers.empty()) {
        p._flags |= AMQP_BASIC_HEADERS_FLAG;
        p.headers = headers.get();
    }
    if (properties.priority > 0) {
        p._flags |= AMQP_BASIC_PRIORITY_FLAG;
        p.priority = properties.priority;
    }
    p._flags |= AMQP_BASIC_DELIVERY_MODE_FLAG;
    p.delivery_mode = properties.isPersistent ? 2 : 1;
    appendFrame(
        out, AMQP_FRAME_HEADER, kContentHead + roomFor(properties),
        [&](std::span<std::byte> space) {
            putNumber(space.data(), kBasicClass);
            putNumber(space.data() + 2, std::uint16_t{0});
            putNumber(space.data() + 4, std::uint64_t{bodySize});
            const auto rest = space.subspan(kContentHead);
            const int size = amqp_encode_properties(kBasicClass, &p, {rest.size(), rest.data()});
            CHECK(size >= 0);
            return static_cast<std::size_t>(size) + kContentHead;
        });
}

} // namespace

void appendPublish(std::vector<std::byte>& out, const Outgoing& message, std::uint32_t frameMax) {
    amqp_basic_publish_t publish{};
    publish.exchange = amqpBytes(message.exchange);
    publish.routing_key = amqpBytes(message.key);
    publish.mandatory = message.isMandatory ? 1 : 0;
    appendMethod(out, AMQP_BASIC_PUBLISH_METHOD, publish,
                 message.exchange.size() + message.key.size() + 16);
    appendHeader(out, message.properties, message.body.size());
    const std::size_t most = frameMax - kFrameHead - 1;
    for (std::size_t at = 0; at < message.body.size(); at += most) {
        const auto part = message.body.subspan(at, std::min(most, message.body.size() - at));
        appendFrame(out, AMQP_FRAME_BODY, part.size(), [&](std::span<std::byte> space) {
            std::ranges::copy(part, space.begin());
            return part.size();
        });
    }
}

void appendHeartbeat(std::vector<std::byte>& out) {
    // Of channel 0, which is the connection itself, and without any payload.
    out.push_back(std::byte{AMQP_FRAME_HEARTBEAT});
    out.insert(out.end(), kFrameHead - 1, std::byte{0});
    out.push_back(kFrameEnd);
}

void appendAck(std::vector<std::byte>& out, std::uint64_t tag, bool isMultiple) {
    amqp_basic_ack_t ack{};
    ack.delivery_tag = tag;
    ack.multiple = isMultiple ? 1 : 0;
    appendMethod(out, AMQP_BASIC_ACK_METHOD, ack, 16);
}

void appendNack(std::vector<std::byte>& out, std::uint64_t tag, bool isRequeued, bool isMultiple) {
    amqp_basic_nack_t nack{};
    nack.delivery_tag = tag;
    nack.multiple = isMultiple ? 1 : 0;
    nack.requeue = isRequeued ? 1 : 0;
    appendMethod(out, AMQP_BASIC_NACK_METHOD, nack, 16);
}

} // namespace interleave::broker
