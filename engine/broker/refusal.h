// SPDX-License-Identifier: GPL-3.0-or-later
// What brokers refuse, in one voice for both: the limits of AMQP 0-9-1, which are checked before
// anything is sent, and the sentences about what the broker itself has refused.
#pragma once

#include "engine/broker/broker.h"

namespace interleave::broker {

/// RabbitMQ's own default.
inline constexpr std::size_t kMaxBodyBytes = std::size_t{128} << 20;
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 10; // must fit into one frame
inline constexpr std::size_t kMaxNameBytes = 255; // also of keys and of a property's text

/// Reply codes of AMQP 0-9-1.
enum class ReplyCode : std::uint16_t {
    AccessRefused = 403,
    NotFound = 404,
    ResourceLocked = 405,
    PreconditionFailed = 406,
};

/// `The broker refused to declare queue "q" (PRECONDITION_FAILED): ...; remove it ...`. `action` is
/// what was asked: `declare queue "q"`.
Error refusal(ReplyCode code, std::string_view action, std::string_view detail);

Result<void> checkName(std::string_view what, std::string_view name);
Result<void> check(const ExchangeSpec& exchange);
Result<void> check(const QueueSpec& queue);
Result<void> check(const Outgoing& message);

/// As brokers count: whole milliseconds, the begun one counts.
std::int64_t toMilliseconds(Nanoseconds ns);

} // namespace interleave::broker
