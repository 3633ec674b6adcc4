// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/event_reader.h"

#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <utility>

namespace interleave::chrome_trace {

namespace {

struct KnownKey {
    std::string_view key;
    FieldKind kind;
};

constexpr std::array kKnownKeys{
    KnownKey{"name", FieldKind::Name},       KnownKey{"cat", FieldKind::Category},
    KnownKey{"ph", FieldKind::Phase},        KnownKey{"ts", FieldKind::Time},
    KnownKey{"dur", FieldKind::Duration},    KnownKey{"pid", FieldKind::Pid},
    KnownKey{"tid", FieldKind::Tid},         KnownKey{"id", FieldKind::Id},
    KnownKey{"s", FieldKind::Scope},         KnownKey{"args", FieldKind::Args},
    KnownKey{"bp", FieldKind::BindPoint},    KnownKey{"id2", FieldKind::Special},
    KnownKey{"scope", FieldKind::Special},   KnownKey{"bind_id", FieldKind::Special},
    KnownKey{"flow_in", FieldKind::Special}, KnownKey{"flow_out", FieldKind::Special},
};

FieldKind kindOf(std::string_view key) {
    const auto* known = std::ranges::find(kKnownKeys, key, &KnownKey::key);
    return known == kKnownKeys.end() ? FieldKind::Other : known->kind;
}

bool isText(std::string_view value) {
    return value.front() == '"';
}

bool isContainer(std::string_view value) {
    return value.front() == '{' || value.front() == '[';
}

void setField(Event& event, Event::Field field, bool isSet) {
    event.fields = isSet ? event.fields | field : event.fields & ~static_cast<std::uint32_t>(field);
}

/// Strings, and what else can be read as one; null and objects are nothing.
void takeText(std::string_view value, Event& event, Event::Field field, std::string_view& text) {
    const bool isSet = value != "null" && !isContainer(value);
    text = isSet ? unquoted(value) : std::string_view();
    setField(event, field, isSet);
}

void takeTime(std::string_view value, Event& event, Event::Field field, Event::Field outOfRange,
              Decimal& time) {
    const NumberKind kind = parseMicroseconds(unquoted(value), time);
    setField(event, field, kind == NumberKind::Number);
    setField(event, outOfRange, kind == NumberKind::OutOfRange);
}

void takeIdentity(std::string_view value, Event& event, Event::Field field, Identity& identity) {
    const bool isSet = value != "null" && !isContainer(value);
    identity = {};
    if (isSet) {
        const std::string_view text = unquoted(value);
        if (const auto number = parseInteger(text)) {
            identity.number = *number;
        } else {
            identity.text = text;
        }
    }
    setField(event, field, isSet);
}

char letterOf(std::string_view value) {
    return isText(value) && value.size() == 3 ? value[1] : '\0';
}

bool isEmptyObject(std::string_view value) {
    const char* end = value.data() + value.size();
    return value.front() == '{' && skipSpace(value.data() + 1, end) == end - 1;
}

void takeArgs(std::string_view value, Event& event) {
    event.args = value;
    setField(event, Event::Args, value != "null" && !isEmptyObject(value));
}

/// "id2": {"local": "0x1"} or {"global": "0x1"}
void takeId2(std::string_view value, Event& event) {
    forEachField(value, [&](std::string_view key, std::string_view id) {
        if (key == "local" || key == "global") {
            takeText(id, event, Event::Id, event.id);
            event.idKind = key.front();
        }
    });
}

void takeSpecial(std::string_view key, std::string_view value, Event& event) {
    if (key == "id2") {
        takeId2(value, event);
    } else if (key == "scope") {
        takeText(value, event, Event::IdScope, event.idScope);
    } else if (key == "bind_id") {
        takeText(value, event, Event::BindId, event.bindId);
    } else {
        const bool isSet = value == "true" || value == "1" || value == "\"true\"";
        setField(event, key == "flow_in" ? Event::FlowIn : Event::FlowOut, isSet);
    }
}

void takeField(FieldKind kind, std::string_view key, std::string_view value, Event& event) {
    switch (kind) {
    case FieldKind::Name:
        takeText(value, event, Event::Name, event.name);
        break;
    case FieldKind::Category:
        takeText(value, event, Event::Category, event.category);
        break;
    case FieldKind::Phase:
        event.phase = letterOf(value);
        break;
    case FieldKind::Time:
        takeTime(value, event, Event::Time, Event::TimeOutOfRange, event.time);
        break;
    case FieldKind::Duration:
        takeTime(value, event, Event::Duration, Event::DurationOutOfRange, event.duration);
        break;
    case FieldKind::Pid:
        takeIdentity(value, event, Event::Pid, event.pid);
        break;
    case FieldKind::Tid:
        takeIdentity(value, event, Event::Tid, event.tid);
        break;
    case FieldKind::Id:
        takeText(value, event, Event::Id, event.id);
        event.idKind = 0;
        break;
    case FieldKind::Scope:
        event.scope = letterOf(value);
        break;
    case FieldKind::Args:
        takeArgs(value, event);
        break;
    case FieldKind::BindPoint:
        setField(event, Event::BindsEnclosing, letterOf(value) == 'e');
        break;
    case FieldKind::Special:
        takeSpecial(key, value, event);
        break;
    case FieldKind::Other:
        break;
    }
}

} // namespace

void EventReader::remember(FieldKind kind, std::string_view value) {
    const std::uint32_t bit = 1U << static_cast<unsigned>(kind);
    const bool isTwice = kind != FieldKind::Other && (m_seenKinds & bit) != 0;
    if (m_fieldCount == kMostFields || isTwice || kind == FieldKind::Special) {
        m_isLearnable = false;
        return;
    }
    m_seenKinds |= bit;
    m_fields[m_fieldCount++] = {kind, value};
}

void EventReader::take(std::string_view key, std::string_view value, Event& event) {
    if (key.find('\\') == std::string_view::npos) {
        const FieldKind kind = kindOf(key);
        remember(kind, value);
        takeField(kind, key, value, event);
    } else {
        m_isLearnable = false;
        const std::string decoded = decodeString(key);
        takeField(kindOf(decoded), decoded, value, event);
    }
}

ReadResult EventReader::read(const char* at, const char* end, Event& event) {
    event = {};
    event.begin = at;
    m_fieldCount = 0;
    m_seenKinds = 0;
    m_isLearnable = true;
    const char* const begin = at;
    at = skipSpace(at + 1, end);
    while (at < end && *at == '"') {
        const char* keyBegin = at + 1;
        const char* keyEnd = stringEnd(keyBegin, end);
        if (keyEnd == nullptr) {
            return ReadResult::Cut;
        }
        at = skipSpace(keyEnd + 1, end);
        if (at >= end || *at != ':') {
            break;
        }
        const char* value = skipSpace(at + 1, end);
        at = valueEnd(value, end);
        if (at == nullptr) {
            return ReadResult::Cut;
        }
        if (at == value) {
            break;
        }
        take({keyBegin, keyEnd}, {value, at}, event);
        at = skipSpace(at, end);
        if (at < end && *at == ',') {
            at = skipSpace(at + 1, end);
        } else if (at < end && *at != '}') {
            break;
        }
    }
    if (at < end && *at == '}') {
        event.end = at + 1;
        return ReadResult::Event;
    }
    event.end = nestedEnd(begin, end);
    return event.end == nullptr ? ReadResult::Cut : ReadResult::Malformed;
}

} // namespace interleave::chrome_trace
