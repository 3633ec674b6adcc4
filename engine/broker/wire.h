// SPDX-License-Identifier: GPL-3.0-or-later
// What processes say to a memory broker through its socket, and what it answers: frames of a length
// (32 bits, little-endian) and that many bytes, of which the first is the kind. Both ends are the
// same program; the parsers trust neither.
//
// Calls are answered by one Reply each, in order. Publishes, acks and rejects are not answered; a
// Refused says that the channel has failed. Events come in between.
#pragma once

#include "engine/broker/memory_message.h"

#include <variant>

namespace interleave::broker {

inline constexpr std::uint32_t kWireVersion = 1;
/// The longest body, and as much as its properties may need beside it.
inline constexpr std::size_t kMaxFrameBytes = (std::size_t{128} << 20) + (std::size_t{4} << 20);

struct Hello {
    std::uint32_t version = kWireVersion;
};
struct BindCall {
    std::string exchange{};
    std::string queue{};
    routing::Binding binding{};
    bool isUnbind = false;
};
enum class NamedCallKind : std::uint8_t { Inspect, Purge, RemoveQueue, RemoveExchange, Cancel };
struct NamedCall {
    NamedCallKind kind = NamedCallKind::Inspect;
    std::string name{};
};
struct EnableConfirms {};
struct PrefetchCall {
    std::uint16_t count = 0;
};
struct ConsumeCall {
    std::string queue{};
    ConsumeOptions options{};
};
struct GetCall {
    std::string queue{};
    bool isAutoAck = false;
};
struct Goodbye {};
struct Publish {
    Message message{};
    bool isMandatory = false;
};
struct Settle { // ack or reject
    std::uint64_t tag = 0;
    bool isMultiple = false;
    bool isAccepted = true;
    bool isRequeued = false;
};
using Request = std::variant<Publish, Settle, Hello, ExchangeSpec, QueueSpec, BindCall, NamedCall,
                             EnableConfirms, PrefetchCall, ConsumeCall, GetCall, Goodbye>;

struct Reply {
    std::optional<Error> error{};
    QueueState state{}; // name: also a consumer's tag; ready: also how many went
    std::optional<Delivery> delivery{};
};
struct Refused {
    Error error{};
};
using Answer =
    std::variant<Delivery, Confirmed, Returned, ConsumerCancelled, Blocked, Reply, Refused>;

// Each appends one frame.
void write(std::vector<std::byte>& out, const Request& request);
void write(std::vector<std::byte>& out, const Answer& answer);
void write(std::vector<std::byte>& out, const Outgoing& publish); // as a Publish
struct Outbound;
void write(std::vector<std::byte>& out, const Outbound& outbound);

/// Nothing: those bytes are no frame of that kind. `frame` is without its length.
std::optional<Request> parseRequest(std::span<const std::byte> frame);
std::optional<Answer> parseAnswer(std::span<const std::byte> frame);

/// Cuts a stream of bytes into frames.
class FrameReader {
public:
    /// Where to put more bytes, at least a few kB; then say how many came.
    std::span<std::byte> space();
    void added(std::size_t bytes) { m_end += bytes; }
    /// The next whole frame, valid until space(); nothing: not all of it is there, or isBroken().
    std::optional<std::span<const std::byte>> next();
    bool isBroken() const { return m_isBroken; }

private:
    std::vector<std::byte> m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    bool m_isBroken = false;
};

} // namespace interleave::broker
