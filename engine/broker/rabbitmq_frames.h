// SPDX-License-Identifier: GPL-3.0-or-later
// The frames that are sent often, written many into one buffer: rabbitmq-c would send each by
// itself.
#pragma once

#include "engine/broker/broker.h"

namespace interleave::broker {

/// Of the one channel that a connection has. Body frames are no longer than `frameMax`.
void appendPublish(std::vector<std::byte>& out, const Outgoing& message, std::uint32_t frameMax);
/// Says that this side lives.
void appendHeartbeat(std::vector<std::byte>& out);
void appendAck(std::vector<std::byte>& out, std::uint64_t tag, bool isMultiple);
void appendNack(std::vector<std::byte>& out, std::uint64_t tag, bool isRequeued, bool isMultiple);

} // namespace interleave::broker
