// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/broker_url.h"

#include "engine/broker/broker.h"

#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace interleave::broker {

namespace {

constexpr std::string_view kScheme = "amqp://";
constexpr std::uint16_t kMostHeartbeat = 600;
constexpr std::string_view kTlsScheme = "amqps://";
constexpr std::string_view kHeartbeat = "?heartbeat=";
constexpr std::string_view kForm =
    "a broker is \"memory\" or \"amqp://user:password@host:port/vhost\"";

std::optional<int> hexDigit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? std::optional(lower - 'a' + 10) : std::nullopt;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain.push_back(text[i]);
            continue;
        }
        const auto high = i + 2 < text.size() ? hexDigit(text[i + 1]) : std::nullopt;
        const auto low = high ? hexDigit(text[i + 2]) : std::nullopt;
        if (!high || !low || (*high == 0 && *low == 0)) {
            return std::nullopt;
        }
        plain.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
    }
    return plain;
}

/// Takes a url apart, and says what it fails at.
class UrlReader {
public:
    explicit UrlReader(const std::string& url)
        : m_url(url) {}

    Result<BrokerUrl> read() {
        std::string_view rest = std::string_view(m_url).substr(kScheme.size());
        if (auto done = takeOptions(rest); !done) {
            return std::unexpected(done.error());
        }
        const std::size_t slash = rest.find('/');
        std::string_view path =
            slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
        std::string_view authority = rest.substr(0, slash);
        const std::size_t at = authority.rfind('@');
        const std::string_view user =
            at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
        const std::string_view host =
            at == std::string_view::npos ? authority : authority.substr(at + 1);
        if (auto done = readUser(user); !done) {
            return std::unexpected(done.error());
        }
        if (auto done = readHost(host); !done) {
            return std::unexpected(done.error());
        }
        if (auto done = readText(path, m_parsed.vhost, "virtual host"); !done) {
            return std::unexpected(done.error());
        }
        return std::move(m_parsed);
    }

private:
    std::unexpected<Error> wrong(std::string_view what) const {
        return fail(fmt::format("The broker's URL {} is wrong: {}; {}.", withoutPassword(m_url),
                                what, kForm));
    }

    Result<void> takeOptions(std::string_view& rest) {
        const std::size_t begin = rest.find_first_of("?#");
        if (begin == std::string_view::npos) {
            return {};
        }
        const std::string_view options = rest.substr(begin);
        rest = rest.substr(0, begin);
        if (!options.starts_with(kHeartbeat)) {
            return wrong("it has options, of which only heartbeat=SECONDS is known here");
        }
        const char* last = options.data() + options.size();
        const auto [stop, error] =
            std::from_chars(options.data() + kHeartbeat.size(), last, m_parsed.heartbeatSeconds);
        if (error != std::errc() || stop != last || m_parsed.heartbeatSeconds > kMostHeartbeat) {
            return wrong(
                fmt::format("its heartbeat is no number of seconds from 0 to {}", kMostHeartbeat));
        }
        return {};
    }

    /// An empty text leaves the default.
    Result<void> readText(std::string_view text, std::string& part, std::string_view what) const {
        auto plain = decoded(text);
        if (!plain) {
            return wrong(fmt::format("a % in its {} stands before no hexadecimal number", what));
        }
        if (!plain->empty()) {
            part = std::move(*plain);
        }
        return {};
    }

    Result<void> readUser(std::string_view text) {
        const std::size_t colon = text.find(':');
        if (auto done = readText(text.substr(0, colon), m_parsed.user, "user"); !done) {
            return done;
        }
        if (colon == std::string_view::npos) {
            return {};
        }
        return readText(text.substr(colon + 1), m_parsed.password, "password");
    }

    Result<void> readHost(std::string_view text) {
        const bool isIpv6 = text.starts_with('[');
        const std::size_t end = isIpv6 ? text.find(']') : text.find(':');
        if (isIpv6 && end == std::string_view::npos) {
            return wrong("its address has no closing bracket");
        }
        const std::string_view host = isIpv6 ? text.substr(1, end - 1) : text.substr(0, end);
        std::string_view port = end == std::string_view::npos ? "" : text.substr(end);
        if (isIpv6) {
            port.remove_prefix(1);
        }
        if (auto done = readText(host, m_parsed.host, "host"); !done) {
            return done;
        }
        if (m_parsed.host.empty()) {
            return wrong("it names no host");
        }
        if (port.empty()) {
            return {};
        }
        const char* last = port.data() + port.size();
        const auto [stop, error] = std::from_chars(port.data() + 1, last, m_parsed.port);
        if (port.front() != ':' || error != std::errc() || stop != last || m_parsed.port == 0) {
            return wrong("its port is no number from 1 to 65535");
        }
        return {};
    }

    const std::string& m_url;
    BrokerUrl m_parsed;
};

} // namespace

std::string BrokerUrl::text() const {
    const bool isIpv6 = host.find(':') != std::string::npos;
    return fmt::format("amqp://{}{}{}:{}/{}", isIpv6 ? "[" : "", host, isIpv6 ? "]" : "", port,
                       vhost == "/" ? "" : vhost);
}

Result<BrokerUrl> parseBrokerUrl(const std::string& url) {
    if (url.starts_with(kTlsScheme)) {
        return fail(fmt::format("The broker's URL {} asks for TLS, which is not spoken here; use "
                                "the broker's plain port (amqp://) through a tunnel.",
                                withoutPassword(url)));
    }
    if (!url.starts_with(kScheme)) {
        return fail(fmt::format("There is no broker \"{}\"; {}.", withoutPassword(url), kForm));
    }
    return UrlReader(url).read();
}

} // namespace interleave::broker
