// SPDX-License-Identifier: GPL-3.0-or-later
// Requests and answers of the loopback server as text: the little of HTTP/1.1 that both ends use.
#include "engine/scenario/loopback.h"
#include "engine/scenario/loopback_process.h"
#include "engine/scenario/problems.h"
#include "engine/scenario/quantity.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

template <class Number>
std::optional<Number> parseNumber(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

char lower(char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
}

bool isSame(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// The value of a header field; `head` starts with the request or status line.
std::optional<std::string_view> field(std::string_view head, std::string_view name) {
    for (auto at = head.find(kLineEnd); at != std::string_view::npos;
         at = head.find(kLineEnd, at + 1)) {
        std::string_view line = head.substr(at + kLineEnd.size());
        line = line.substr(0, line.find(kLineEnd));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !isSame(line.substr(0, colon), name)) {
            continue;
        }
        line.remove_prefix(colon + 1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        return line.substr(0, line.find_last_not_of(" \t") + 1);
    }
    return std::nullopt;
}

/// Fills in one "key=value" of the query; false if we don't know it.
bool takeQueryPart(std::string_view part, LoopbackRequest& request) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
        return false;
    }
    const std::string_view key = part.substr(0, equals);
    const auto number = parseNumber<std::uint64_t>(part.substr(equals + 1));
    if (!number) {
        return false;
    }
    if (key == "delay_ns" && *number <= static_cast<std::uint64_t>(kLongestDuration)) {
        request.delayNs = static_cast<Nanoseconds>(*number);
        return true;
    }
    if (key == "bytes" && *number <= kLargestSize) {
        request.bytes = *number;
        return true;
    }
    return false;
}

} // namespace

std::string requestText(Nanoseconds delay, std::uint64_t bytes) {
    return fmt::format("GET /?delay_ns={}&bytes={} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", delay,
                       bytes);
}

std::optional<LoopbackRequest> parseRequest(std::string_view head) {
    constexpr std::string_view kMethod = "GET /";
    std::string_view line = head.substr(0, head.find(kLineEnd));
    const auto space = line.rfind(' ');
    if (!line.starts_with(kMethod) || space == std::string_view::npos || space < kMethod.size()) {
        return std::nullopt;
    }
    const std::string_view version = line.substr(space + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return std::nullopt;
    }
    LoopbackRequest request;
    const std::string_view connection = field(head, "Connection").value_or("");
    request.keepsAlive = version == "HTTP/1.1" && !isSame(connection, "close");
    std::string_view query = line.substr(kMethod.size(), space - kMethod.size());
    if (query.empty()) {
        return request;
    }
    if (!query.starts_with('?')) {
        return std::nullopt;
    }
    query.remove_prefix(1);
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        if (!takeQueryPart(part, request)) {
            return std::nullopt;
        }
        query.remove_prefix(std::min(part.size() + 1, query.size()));
    }
    return request;
}

Result<AnswerHead> parseAnswerHead(std::string_view head) {
    const std::string_view status = head.substr(0, head.find(kLineEnd));
    if (!status.starts_with("HTTP/1.1 200 ")) {
        return fail(fmt::format("The loopback server answered {}: the request was not understood.",
                                inQuotes(status)));
    }
    const auto length = parseNumber<std::uint64_t>(field(head, "Content-Length").value_or(""));
    const auto sent = parseNumber<std::int64_t>(field(head, "X-Sent-Ns").value_or(""));
    if (!length || !sent) {
        return fail("The loopback server's answer has no Content-Length or no X-Sent-Ns: another "
                    "program answers on its port.");
    }
    return AnswerHead{*length, *sent};
}

} // namespace interleave::scenario
