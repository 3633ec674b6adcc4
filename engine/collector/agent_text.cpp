// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/agent_text.h"

#include <algorithm>

namespace interleave::collector {

using record::EventKind;

namespace {

constexpr std::size_t kLongestText = std::size_t{1} << 16;
constexpr std::size_t kTextBytes = 15; // in one event

void appendBytes(std::string& to, std::uint64_t word, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        to += static_cast<char>(word >> (8 * i) & 0xff);
    }
}

/// Bytes of the well-formed UTF-8 sequence at the beginning of the text; 0 if there is none.
std::size_t sequenceLength(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xc2 && first < 0xe0) {
        return follows(1) ? 2 : 0;
    }
    if (first >= 0xe0 && first < 0xf0) {
        const bool isOverlong = first == 0xe0 && byte(1) < 0xa0;
        const bool isSurrogate = first == 0xed && byte(1) >= 0xa0;
        return follows(1) && follows(2) && !isOverlong && !isSurrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first < 0xf5) {
        const bool isOutside =
            (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) >= 0x90);
        return follows(1) && follows(2) && follows(3) && !isOutside ? 4 : 0;
    }
    return 0;
}

} // namespace

bool hasText(EventKind kind) {
    return (kind >= EventKind::ThreadNamed && kind <= EventKind::Noted) ||
           kind == EventKind::MessageNamed || kind == EventKind::Bound ||
           kind == EventKind::CounterNamed;
}

std::string shownText(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = sequenceLength(bytes);
        const auto first = static_cast<unsigned char>(bytes[0]);
        if (length == 0) {
            text += '?';
        } else if (length == 1 && (first < 0x20 || first == 0x7f)) {
            text += ' ';
        } else {
            text += bytes.substr(0, length);
        }
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return text;
}

std::optional<AgentText> TextGatherer::take(const record::Event& event) {
    if (event.kind() != EventKind::Text) {
        interrupt();
        m_isGathering = event.b <= kLongestText;
        m_faults += m_isGathering ? 0 : 1;
        m_event = event;
        m_bytes.clear();
        m_wanted = event.b;
    } else if (!m_isGathering) {
        ++m_faults;
    } else {
        appendBytes(m_bytes, event.stamp(), 7);
        appendBytes(m_bytes, event.a, 4);
        appendBytes(m_bytes, event.b, 4);
        m_bytes.resize(std::min(m_bytes.size(), m_wanted));
    }
    static_assert(kTextBytes == 7 + 4 + 4);
    if (!m_isGathering || m_bytes.size() < m_wanted) {
        return std::nullopt;
    }
    m_isGathering = false;
    AgentText text{m_event, {}};
    for (std::size_t at = 0; at <= m_bytes.size();) {
        const std::size_t end = std::min(m_bytes.find('\0', at), m_bytes.size());
        text.parts.push_back(shownText(std::string_view(m_bytes).substr(at, end - at)));
        at = end + 1;
    }
    return text;
}

void TextGatherer::interrupt() {
    m_faults += m_isGathering ? 1 : 0;
    m_isGathering = false;
}

} // namespace interleave::collector
