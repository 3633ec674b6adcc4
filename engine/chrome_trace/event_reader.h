// SPDX-License-Identifier: GPL-3.0-or-later
// EventReader: reads one event of any shape. The fast way for events that look like those before
// is event_shape.h; both give the same.
#pragma once

#include "engine/chrome_trace/event.h"

#include <array>
#include <cstddef>
#include <span>

namespace interleave::chrome_trace {

/// What a key of an event means to us.
enum class FieldKind : std::uint8_t {
    Name,
    Category,
    Phase,
    Time,
    Duration,
    Pid,
    Tid,
    Id,
    Scope,
    Args,
    BindPoint,
    Special, // known, but so rare that no shape is learnt from an event with it
    Other,
};

/// Where a field's value lies: what a shape is learnt from.
struct FieldPlace {
    FieldKind kind = FieldKind::Other;
    std::string_view value{}; // with its quotes
};

enum class ReadResult : std::uint8_t {
    Event,
    Malformed, // not an object of JSON; its end was found, though
    Cut,       // does not end
};

class EventReader {
public:
    static constexpr std::size_t kMostFields = 24;

    /// `at` on an opening brace. Sets event.begin and, unless it is cut, event.end.
    ReadResult read(const char* at, const char* end, Event& event);
    /// The fields of the event that was read last, in order. Empty if a shape should not be learnt
    /// from it: too many fields, one that occurs twice, escapes in a key.
    std::span<const FieldPlace> fields() const {
        return {m_fields.data(), m_isLearnable ? m_fieldCount : 0};
    }

private:
    void take(std::string_view key, std::string_view value, Event& event);
    void remember(FieldKind kind, std::string_view value);

    std::array<FieldPlace, kMostFields> m_fields;
    std::size_t m_fieldCount = 0;
    std::uint32_t m_seenKinds = 0;
    bool m_isLearnable = true;
};

} // namespace interleave::chrome_trace
