// SPDX-License-Identifier: GPL-3.0-or-later
// Texts in the streams of an agent: an event that says how long its text is, then Text events with
// the bytes. The program that wrote them is anybody's, so nothing is taken on trust: a text that is
// cut short is none, and what can't be shown is replaced.
#pragma once

#include "engine/record/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::collector {

/// Whether Text events follow an event of this kind.
bool hasText(record::EventKind kind);

struct AgentText {
    record::Event event;            // the one that the text belongs to
    std::vector<std::string> parts; // at least one; UTF-8 without control characters
};

/// Puts the texts of one stream together; they may come in pieces.
class TextGatherer {
public:
    /// Takes an event that has a text, or a Text. The text, once it is whole.
    std::optional<AgentText> take(const record::Event& event);
    /// An event of another kind comes: a text that isn't whole by now never will be.
    void interrupt();
    bool isGathering() const { return m_isGathering; }
    /// Texts that were cut, too long, or belonged to nothing.
    std::uint64_t faults() const { return m_faults; }

private:
    record::Event m_event;
    std::string m_bytes;
    std::size_t m_wanted = 0;
    bool m_isGathering = false;
    std::uint64_t m_faults = 0;
};

/// Valid UTF-8 without control characters: what is neither becomes "?" or a space.
std::string shownText(std::string_view bytes);

} // namespace interleave::collector
