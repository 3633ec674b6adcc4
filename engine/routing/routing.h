// SPDX-License-Identifier: GPL-3.0-or-later
// How exchanges route: the rules of AMQP 0-9-1 and RabbitMQ as pure functions. Scenarios are
// expanded by them (who will get which message), the memory broker routes by them, and tests
// compare them with RabbitMQ itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace interleave::routing {

enum class ExchangeKind : std::uint8_t { Direct, Fanout, Topic, Headers };
std::string_view nameOf(ExchangeKind kind); // "direct", "fanout", "topic", "headers"
std::optional<ExchangeKind> exchangeKindNamed(std::string_view name);

/// Of a message, or what a binding to a headers exchange asks for. Sorted by key.
using HeaderValue = std::variant<bool, std::int64_t, std::string>;
using Headers = std::vector<std::pair<std::string, HeaderValue>>;

/// x-match of a binding to a headers exchange.
enum class HeaderMatch : std::uint8_t { All, Any };

struct Binding {
    std::string key{};                    // direct, topic: of the message; elsewhere unused
    Headers headers{};                    // headers exchanges
    HeaderMatch match = HeaderMatch::All; // headers exchanges
};

/// Words are divided by dots; in the pattern "*" stands for one word and "#" for none or more.
/// Linear in the key for patterns with few "#"; O(pattern x key) words at worst.
bool topicMatches(std::string_view pattern, std::string_view key);

/// Whether an exchange sends a message with this key and these headers through a binding.
/// Source: AMQP 0-9-1 specification 3.1.3; for headers RabbitMQ's rule that keys which begin with
/// "x-" are not compared.
bool routes(ExchangeKind kind, const Binding& binding, std::string_view key,
            const Headers& headers);

} // namespace interleave::routing
