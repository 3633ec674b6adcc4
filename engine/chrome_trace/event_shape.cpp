// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/event_shape.h"

#include "engine/chrome_trace/json_scan.h"

#include <cstring>

namespace interleave::chrome_trace {

namespace {

/// Fields whose value is part of the shape: the bytes must be the same.
bool isLiteral(FieldKind kind) {
    return kind == FieldKind::Phase || kind == FieldKind::Scope || kind == FieldKind::BindPoint;
}

std::uint64_t bytesAt(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof(bytes));
    return bytes;
}

} // namespace

bool EventShape::addSlot(std::string_view literal, FieldKind kind, Form form) {
    // Longer ones are split: a slot takes 16 bytes.
    while (literal.size() > 16) {
        if (!addSlot(literal.substr(0, 16), FieldKind::Other, Form::Text)) {
            return false;
        }
        m_slots.back().kind = FieldKind::Special; // no value here
        literal.remove_prefix(16);
    }
    Slot slot;
    slot.length = static_cast<std::uint8_t>(literal.size());
    slot.form = form;
    slot.kind = kind;
    std::memcpy(slot.literal, literal.data(), literal.size());
    for (std::size_t i = 0; i < literal.size(); ++i) {
        slot.mask[i / 8] |= std::uint64_t{0xff} << (i % 8 * 8);
    }
    m_slots.push_back(slot);
    return m_slots.size() <= 3 * EventReader::kMostFields;
}

/// None: no shape with such a value.
std::optional<EventShape::Form> EventShape::formOf(const FieldPlace& field) {
    const char* value = field.value.data();
    const char* end = value + field.value.size();
    Decimal time;
    std::int64_t number = 0;
    switch (field.kind) {
    case FieldKind::Time:
    case FieldKind::Duration:
        return scanMicroseconds(value, time) == end ? std::optional(Form::Number) : std::nullopt;
    case FieldKind::Pid:
    case FieldKind::Tid:
        return scanInteger(value, number) == end ? std::optional(Form::Integer) : std::nullopt;
    case FieldKind::Args:
        return *value == '{' ? std::optional(Form::Nested) : std::nullopt;
    case FieldKind::Other:
        if (*value == '{' || *value == '[') {
            return Form::Nested;
        }
        if (*value == '"') {
            return Form::Text;
        }
        return scanMicroseconds(value, time) == end ? Form::Number : Form::Scalar;
    default: // name, category, id
        if (*value == '"') {
            return Form::Text;
        }
        return scanInteger(value, number) == end ? std::optional(Form::Integer) : std::nullopt;
    }
}

std::optional<EventShape> EventShape::of(const Event& event, std::span<const FieldPlace> fields) {
    constexpr std::uint32_t odd = Event::TimeOutOfRange | Event::DurationOutOfRange;
    if (fields.empty() || event.phase == 0 || (event.fields & odd) != 0) {
        return std::nullopt;
    }
    EventShape shape;
    shape.m_fields = event.fields;
    shape.m_phase = event.phase;
    shape.m_scope = event.scope;
    const char* from = event.begin;
    for (const FieldPlace& field : fields) {
        if (isLiteral(field.kind)) {
            continue;
        }
        const auto form = formOf(field);
        if (!form) {
            return std::nullopt;
        }
        const int quote = *form == Form::Text ? 1 : 0;
        if (!shape.addSlot({from, field.value.data() + quote}, field.kind, *form)) {
            return std::nullopt;
        }
        from = field.value.data() + field.value.size() - quote;
    }
    if (!shape.addSlot({from, event.end}, FieldKind::Special, Form::Text)) {
        return std::nullopt;
    }
    return shape;
}

/// Behind the value, or nullptr if it is of another form.
inline const char* EventShape::readValue(const Slot& slot, const char* at, const char* end,
                                         Event& event) {
    switch (slot.form) {
    case Form::Text:
        return stringEnd(at, end);
    case Form::Number: {
        Decimal number;
        at = scanMicroseconds(at, number);
        if (slot.kind == FieldKind::Time) {
            event.time = number;
        } else if (slot.kind == FieldKind::Duration) {
            event.duration = number;
        }
        return at;
    }
    case Form::Integer: {
        std::int64_t number = 0;
        at = scanInteger(at, number);
        if (slot.kind == FieldKind::Pid) {
            event.pid = {number, {}};
        } else if (slot.kind == FieldKind::Tid) {
            event.tid = {number, {}};
        }
        return at;
    }
    case Form::Scalar: {
        const char* behind = isScalar(*at) ? valueEnd(at, end) : nullptr;
        return behind;
    }
    case Form::Nested:
        return *at == '{' || (*at == '[' && slot.kind == FieldKind::Other) ? nestedEnd(at, end)
                                                                           : nullptr;
    }
    return nullptr;
}

bool EventShape::read(const char* at, const char* end, Event& event) const {
    event.begin = at;
    event.fields = m_fields;
    event.phase = m_phase;
    event.scope = m_scope;
    event.idKind = 0;
    const Slot* const last = &m_slots.back();
    for (const Slot* slot = m_slots.data();; ++slot) {
        if (((bytesAt(at) ^ slot->literal[0]) & slot->mask[0]) != 0 ||
            ((bytesAt(at + 8) ^ slot->literal[1]) & slot->mask[1]) != 0) {
            return false;
        }
        at += slot->length;
        if (slot == last) {
            event.end = at;
            return at <= end;
        }
        if (at >= end) {
            return false;
        }
        if (slot->kind == FieldKind::Special) {
            continue; // the rest of a long literal follows
        }
        const char* value = at;
        at = readValue(*slot, at, end, event);
        if (at == nullptr) {
            return false;
        }
        switch (slot->kind) {
        case FieldKind::Name:
            event.name = {value, at};
            break;
        case FieldKind::Category:
            event.category = {value, at};
            break;
        case FieldKind::Id:
            event.id = {value, at};
            break;
        case FieldKind::Args:
            event.args = {value, at};
            event.fields = skipSpace(value + 1, end) == at - 1
                               ? event.fields & ~std::uint32_t{Event::Args}
                               : event.fields | Event::Args;
            break;
        default:
            break;
        }
    }
}

ReadResult ShapedReader::read(const char* at, const char* end, Event& event) {
    if (m_current < m_shapes.size() && m_shapes[m_current].read(at, end, event)) {
        return ReadResult::Event;
    }
    return readOtherwise(at, end, event);
}

ReadResult ShapedReader::readOtherwise(const char* at, const char* end, Event& event) {
    for (std::size_t i = 0; i < m_shapes.size(); ++i) {
        if (i != m_current && m_shapes[i].read(at, end, event)) {
            m_current = i;
            return ReadResult::Event;
        }
    }
    const ReadResult result = m_reader.read(at, end, event);
    if (result != ReadResult::Event) {
        return result;
    }
    if (auto shape = EventShape::of(event, m_reader.fields())) {
        if (m_shapes.size() < kMostShapes) {
            m_current = m_shapes.size();
            m_shapes.push_back(std::move(*shape));
        } else {
            m_current = m_next;
            m_next = (m_next + 1) % kMostShapes;
            m_shapes[m_current] = std::move(*shape);
        }
    }
    return result;
}

} // namespace interleave::chrome_trace
