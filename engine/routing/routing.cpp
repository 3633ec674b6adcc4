// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/routing/routing.h"

#include <algorithm>
#include <array>

namespace interleave::routing {

namespace {

constexpr std::array<std::string_view, 4> kKinds{"direct", "fanout", "topic", "headers"};

/// The words of a routing key or a pattern. As RabbitMQ has it, an empty one has no words, but "."
/// has two empty ones.
std::vector<std::string_view> wordsOf(std::string_view text) {
    std::vector<std::string_view> words;
    if (text.empty()) {
        return words;
    }
    std::size_t begin = 0;
    while (true) {
        const std::size_t dot = text.find('.', begin);
        words.push_back(text.substr(begin, dot - begin));
        if (dot == std::string_view::npos) {
            return words;
        }
        begin = dot + 1;
    }
}

bool headersMatch(const Binding& binding, const Headers& headers) {
    const auto isCompared = [](const auto& wanted) { return !wanted.first.starts_with("x-"); };
    const auto isThere = [&](const auto& wanted) {
        return std::ranges::find(headers, wanted) != headers.end();
    };
    const bool isAny = binding.match == HeaderMatch::Any;
    for (const auto& wanted : binding.headers) {
        if (isCompared(wanted) && isThere(wanted) == isAny) {
            return isAny;
        }
    }
    return !isAny;
}

} // namespace

std::string_view nameOf(ExchangeKind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<ExchangeKind> exchangeKindNamed(std::string_view name) {
    const auto kind = std::ranges::find(kKinds, name);
    return kind == kKinds.end() ? std::nullopt
                                : std::optional(static_cast<ExchangeKind>(kind - kKinds.begin()));
}

bool topicMatches(std::string_view pattern, std::string_view key) {
    const auto wanted = wordsOf(pattern);
    const auto words = wordsOf(key);
    // Greedy with one place to come back to: a later "#" makes an earlier one's choice final.
    std::size_t p = 0;
    std::size_t w = 0;
    std::size_t afterHash = wanted.size() + 1; // none yet
    std::size_t tried = 0;
    while (w < words.size()) {
        if (p < wanted.size() && wanted[p] == "#") {
            afterHash = ++p;
            tried = w;
        } else if (p < wanted.size() && (wanted[p] == "*" || wanted[p] == words[w])) {
            ++p;
            ++w;
        } else if (afterHash <= wanted.size()) {
            p = afterHash;
            w = ++tried;
        } else {
            return false;
        }
    }
    while (p < wanted.size() && wanted[p] == "#") {
        ++p;
    }
    return p == wanted.size();
}

bool routes(ExchangeKind kind, const Binding& binding, std::string_view key,
            const Headers& headers) {
    switch (kind) {
    case ExchangeKind::Direct:
        return binding.key == key;
    case ExchangeKind::Fanout:
        return true;
    case ExchangeKind::Topic:
        return topicMatches(binding.key, key);
    case ExchangeKind::Headers:
        return headersMatch(binding, headers);
    }
    return false;
}

} // namespace interleave::routing
