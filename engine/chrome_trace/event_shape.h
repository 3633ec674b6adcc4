// SPDX-License-Identifier: GPL-3.0-or-later
// EventShape: reads events by the shape of an earlier one. Programs write their events with a
// fixed pattern, so the bytes between the values are the same from event to event: comparing them
// is all the parsing there is. An event of another shape is refused, never misread: the keys, their
// order and the spaces must be the same, and every value must be of the form that was seen.
//
// Alternatives refused: a parser that looks every key up costs about twice as much; one that
// indexes the whole text first (simdjson) reads it twice and still visits every key.
#pragma once

#include "engine/chrome_trace/event_reader.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interleave::chrome_trace {

class EventShape {
public:
    /// The shape of an event that was just read; none if it is too odd.
    static std::optional<EventShape> of(const Event& event, std::span<const FieldPlace> fields);

    /// Reads an event of this shape at `at`; false, and `event` is garbage, if it is of another.
    bool read(const char* at, const char* end, Event& event) const;

private:
    enum class Form : std::uint8_t { Text, Number, Integer, Scalar, Nested };
    struct Slot {
        std::uint64_t literal[2] = {}; // what stands before the value
        std::uint64_t mask[2] = {};
        std::uint8_t length = 0;
        Form form = Form::Text;
        FieldKind kind = FieldKind::Other;
    };

    static std::optional<Form> formOf(const FieldPlace& field);
    bool addSlot(std::string_view literal, FieldKind kind, Form form);
    static const char* readValue(const Slot& slot, const char* at, const char* end, Event& event);

    std::vector<Slot> m_slots; // the last has no value
    std::uint32_t m_fields = 0;
    char m_phase = 0;
    char m_scope = 0;
};

/// Reads events one after the other, each by the shape that fitted last, by another one that is
/// known, or by the general reader, from which a new shape is learnt.
class ShapedReader {
public:
    ReadResult read(const char* at, const char* end, Event& event);

private:
    ReadResult readOtherwise(const char* at, const char* end, Event& event);

    static constexpr std::size_t kMostShapes = 16;
    std::vector<EventShape> m_shapes;
    std::size_t m_current = 0;
    std::size_t m_next = 0; // which is replaced by the next new one
    EventReader m_reader;
};

} // namespace interleave::chrome_trace
