// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/wire.h"

#include "engine/broker/memory_channel.h"
#include "engine/broker/wire_archive.h"

namespace interleave {

// The last value of each enumeration that travels.
constexpr ErrorKind lastOf(ErrorKind) {
    return ErrorKind::MissingPart;
}
namespace routing {
constexpr ExchangeKind lastOf(ExchangeKind) {
    return ExchangeKind::Headers;
}
constexpr HeaderMatch lastOf(HeaderMatch) {
    return HeaderMatch::Any;
}
template <class Archive>
void describe(Archive& archive, Binding& binding) {
    archive(binding.key, binding.headers, binding.match);
}
} // namespace routing

template <class Archive>
void describe(Archive& archive, Error& error) {
    archive(error.message, error.kind);
}

namespace broker {

constexpr Overflow lastOf(Overflow) {
    return Overflow::RejectPublish;
}
constexpr NamedCallKind lastOf(NamedCallKind) {
    return NamedCallKind::Cancel;
}

template <class Archive>
void describe(Archive& archive, Properties& p) {
    archive(p.messageId, p.correlationId, p.replyTo, p.type, p.contentType, p.headers, p.priority,
            p.isPersistent, p.expirationNs);
}
template <class Archive>
void describe(Archive& archive, ExchangeSpec& spec) {
    archive(spec.name, spec.kind, spec.isDurable, spec.isAutoDelete, spec.alternate);
}
template <class Archive>
void describe(Archive& archive, QueueSpec& spec) {
    archive(spec.name, spec.isDurable, spec.isExclusive, spec.isAutoDelete, spec.messageTtlNs,
            spec.maxLength, spec.overflow, spec.deadLetterExchange, spec.deadLetterKey,
            spec.maxPriority);
}
template <class Archive>
void describe(Archive& archive, QueueState& state) {
    archive(state.name, state.ready, state.consumers);
}
template <class Archive>
void describe(Archive& archive, Hello& hello) {
    archive(hello.version);
}
template <class Archive>
void describe(Archive& archive, BindCall& call) {
    archive(call.exchange, call.queue, call.binding, call.isUnbind);
}
template <class Archive>
void describe(Archive& archive, NamedCall& call) {
    archive(call.kind, call.name);
}
template <class Archive>
void describe(Archive&, EnableConfirms&) {}
template <class Archive>
void describe(Archive&, Goodbye&) {}
template <class Archive>
void describe(Archive& archive, PrefetchCall& call) {
    archive(call.count);
}
template <class Archive>
void describe(Archive& archive, ConsumeCall& call) {
    archive(call.queue, call.options.isAutoAck, call.options.isExclusive, call.options.tag);
}
template <class Archive>
void describe(Archive& archive, GetCall& call) {
    archive(call.queue, call.isAutoAck);
}
template <class Archive>
void describe(Archive& archive, Publish& publish) {
    archive(publish.isMandatory, publish.message.exchange, publish.message.key,
            publish.message.properties, publish.message.body);
}
template <class Archive>
void describe(Archive& archive, Settle& settle) {
    archive(settle.tag, settle.isMultiple, settle.isAccepted, settle.isRequeued);
}
template <class Archive>
void describe(Archive& archive, Delivery& d) {
    archive(d.consumer, d.tag, d.isRedelivered, d.exchange, d.key, d.properties, d.body, d.deaths);
}
template <class Archive>
void describe(Archive& archive, Confirmed& confirmed) {
    archive(confirmed.sequence, confirmed.isMultiple, confirmed.isAccepted);
}
template <class Archive>
void describe(Archive& archive, Returned& r) {
    archive(r.exchange, r.key, r.reason, r.properties, r.body);
}
template <class Archive>
void describe(Archive& archive, ConsumerCancelled& cancelled) {
    archive(cancelled.consumer);
}
template <class Archive>
void describe(Archive& archive, Blocked& blocked) {
    archive(blocked.isBlocked, blocked.reason);
}
template <class Archive>
void describe(Archive& archive, Reply& reply) {
    archive(reply.error, reply.state, reply.delivery);
}
template <class Archive>
void describe(Archive& archive, Refused& refused) {
    archive(refused.error);
}

} // namespace broker
} // namespace interleave

namespace interleave::broker {

namespace {

constexpr std::size_t kLengthBytes = sizeof(std::uint32_t);
constexpr std::size_t kLeastSpace = 64 * 1024;

/// Puts the length before what body() writes.
template <class Body>
void frame(Bytes& out, Body&& body) {
    const std::size_t begin = out.size();
    out.resize(begin + kLengthBytes);
    WireWriter writer(out);
    body(writer);
    const auto length = static_cast<std::uint32_t>(out.size() - begin - kLengthBytes);
    std::memcpy(out.data() + begin, &length, kLengthBytes);
}

template <class T>
std::optional<T> parse(std::span<const std::byte> bytes) {
    WireReader reader(bytes);
    T value;
    reader(value);
    return reader.isGood() && reader.isAtEnd() ? std::optional(std::move(value)) : std::nullopt;
}

template <class Variant, class T>
constexpr std::uint8_t indexOf() {
    return []<class... Each>(std::variant<Each...>*) {
        std::uint8_t index = 0;
        static_cast<void>(((std::is_same_v<T, Each> ? true : (++index, false)) || ...));
        return index;
    }(static_cast<Variant*>(nullptr));
}

} // namespace

void write(Bytes& out, const Request& request) {
    frame(out, [&](WireWriter& writer) { writer(request); });
}

void write(Bytes& out, const Answer& answer) {
    frame(out, [&](WireWriter& writer) { writer(answer); });
}

void write(Bytes& out, const Outgoing& publish) {
    frame(out, [&](WireWriter& writer) {
        writer(indexOf<Request, Publish>(), publish.isMandatory, publish.exchange, publish.key,
               publish.properties, publish.body);
    });
}

void write(Bytes& out, const Outbound& outbound) {
    frame(out, [&](WireWriter& writer) {
        if (outbound.event) {
            // An Answer begins with the kinds of an Event.
            writer(*outbound.event);
            return;
        }
        const Message& m = *outbound.message;
        writer(indexOf<Answer, Delivery>(), *outbound.consumer, outbound.tag,
               outbound.isRedelivered, m.exchange, m.key, m.properties, m.body, m.deaths);
    });
}

std::optional<Request> parseRequest(std::span<const std::byte> bytes) {
    return parse<Request>(bytes);
}

std::optional<Answer> parseAnswer(std::span<const std::byte> bytes) {
    return parse<Answer>(bytes);
}

std::span<std::byte> FrameReader::space() {
    if (m_begin == m_end) {
        m_begin = m_end = 0;
        if (m_buffer.size() > 16 * kLeastSpace) {
            m_buffer = {}; // a long frame has passed
        }
    }
    if (m_buffer.size() - m_end < kLeastSpace && m_begin > 0) {
        std::copy(m_buffer.begin() + static_cast<std::ptrdiff_t>(m_begin),
                  m_buffer.begin() + static_cast<std::ptrdiff_t>(m_end), m_buffer.begin());
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_buffer.size() - m_end < kLeastSpace) {
        m_buffer.resize(std::max(2 * m_buffer.size(), m_end + kLeastSpace));
    }
    return std::span(m_buffer).subspan(m_end);
}

std::optional<std::span<const std::byte>> FrameReader::next() {
    std::uint32_t length = 0;
    if (m_isBroken || m_end - m_begin < kLengthBytes) {
        return std::nullopt;
    }
    std::memcpy(&length, m_buffer.data() + m_begin, kLengthBytes);
    m_isBroken = length == 0 || length > kMaxFrameBytes;
    if (m_isBroken || m_end - m_begin - kLengthBytes < length) {
        return std::nullopt;
    }
    const auto whole = std::span(std::as_const(m_buffer)).subspan(m_begin + kLengthBytes, length);
    m_begin += kLengthBytes + length;
    return whole;
}

} // namespace interleave::broker
