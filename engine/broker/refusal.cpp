// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/refusal.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace interleave::broker {

namespace {

std::string_view nameOf(ReplyCode code) {
    switch (code) {
    case ReplyCode::AccessRefused:
        return "ACCESS_REFUSED";
    case ReplyCode::NotFound:
        return "NOT_FOUND";
    case ReplyCode::ResourceLocked:
        return "RESOURCE_LOCKED";
    case ReplyCode::PreconditionFailed:
        return "PRECONDITION_FAILED";
    }
    return "";
}

std::string_view adviceOn(ReplyCode code, std::string_view action) {
    if (code == ReplyCode::PreconditionFailed && action.starts_with("declare")) {
        return "; it exists with other arguments: remove it at the broker, or use another name";
    }
    return "";
}

} // namespace

Error refusal(ReplyCode code, std::string_view action, std::string_view detail) {
    const std::string_view name = nameOf(code);
    const std::string codeText =
        name.empty() ? fmt::format("{}", static_cast<int>(code)) : std::string(name);
    return {fmt::format("The broker refused to {} ({}): {}{}.", action, codeText, detail,
                        adviceOn(code, action)),
            ErrorKind::BadInput};
}

Result<void> checkName(std::string_view what, std::string_view name) {
    if (name.size() > kMaxNameBytes) {
        return fail(
            fmt::format("The {} that begins with \"{}\" has {} bytes; brokers take {} at most.",
                        what, name.substr(0, 20), name.size(), kMaxNameBytes));
    }
    return {};
}

Result<void> check(const ExchangeSpec& exchange) {
    if (auto named = checkName("exchange name", exchange.name); !named) {
        return named;
    }
    return checkName("exchange name", exchange.alternate);
}

Result<void> check(const QueueSpec& queue) {
    if (queue.messageTtlNs && *queue.messageTtlNs < 0) {
        return fail(
            fmt::format("The time to live of messages in queue \"{}\" is negative.", queue.name));
    }
    if (queue.maxLength && *queue.maxLength > std::numeric_limits<std::int32_t>::max()) {
        return fail(fmt::format("Queue \"{}\" may be at most {} messages long, not {}.", queue.name,
                                std::numeric_limits<std::int32_t>::max(), *queue.maxLength));
    }
    if (queue.deadLetterKey && !queue.deadLetterExchange) {
        return fail(fmt::format("Queue \"{}\" has a key for dead letters but no exchange for them.",
                                queue.name));
    }
    if (auto named = checkName("queue name", queue.name); !named) {
        return named;
    }
    if (auto named = checkName("exchange name", queue.deadLetterExchange.value_or("")); !named) {
        return named;
    }
    return checkName("key", queue.deadLetterKey.value_or(""));
}

Result<void> check(const Outgoing& message) {
    // Longest first: this is asked for every message.
    const Properties& p = message.properties;
    const std::size_t longest =
        std::max({message.exchange.size(), message.key.size(), p.messageId.size(),
                  p.correlationId.size(), p.replyTo.size(), p.type.size(), p.contentType.size()});
    if (longest > kMaxNameBytes) {
        for (const std::string_view text :
             {message.exchange, message.key, std::string_view(p.messageId),
              std::string_view(p.correlationId), std::string_view(p.replyTo),
              std::string_view(p.type), std::string_view(p.contentType)}) {
            if (auto named = checkName("text of a message", text); !named) {
                return named;
            }
        }
    }
    std::size_t headerBytes = 0;
    for (const auto& [name, value] : p.headers) {
        if (auto named = checkName("name of a header", name); !named) {
            return named;
        }
        const auto* text = std::get_if<std::string>(&value);
        headerBytes += name.size() + (text ? text->size() : sizeof(std::int64_t));
    }
    if (headerBytes > kMaxHeaderBytes) {
        return fail(fmt::format("A message's headers have {} bytes; brokers take {} at most.",
                                headerBytes, kMaxHeaderBytes));
    }
    if (message.body.size() > kMaxBodyBytes) {
        return fail(fmt::format("A message of {} bytes is too long; brokers take {} at most.",
                                message.body.size(), kMaxBodyBytes));
    }
    if (p.expirationNs && *p.expirationNs < 0) {
        return fail("A message's time to live is negative.");
    }
    return {};
}

std::int64_t toMilliseconds(Nanoseconds ns) {
    return ns / 1'000'000 + (ns % 1'000'000 > 0 ? 1 : 0);
}

} // namespace interleave::broker
