// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/table_reader.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

constexpr std::size_t kLongestName = 100; // bytes

/// A value as it stands in a message: the text itself where it is short, else what it is.
std::string shown(const Value& value) {
    switch (value.kind) {
    case Value::Kind::Text:
        return inQuotes(value.text);
    case Value::Kind::Integer:
        return fmt::format("{}", value.integer);
    case Value::Kind::Number:
        return fmt::format("{}", value.number);
    case Value::Kind::Boolean:
        return value.boolean ? "true" : "false";
    default:
        return std::string(describe(value.kind));
    }
}

} // namespace

bool hasControlCharacter(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte < 0x20 || byte == 0x7f;
    });
}

TableReader::TableReader(const Value& table, std::string what, Problems& problems)
    : m_table(table)
    , m_what(std::move(what))
    , m_problems(problems) {}

const Value* TableReader::find(std::string_view key) {
    if (std::find(m_asked.begin(), m_asked.end(), key) == m_asked.end()) {
        m_asked.push_back(key);
    }
    return m_table.find(key);
}

const Value* TableReader::typed(std::string_view key, Value::Kind kind, std::string_view form) {
    const Value* value = find(key);
    if (value != nullptr && value->kind != kind) {
        m_problems.report(value->position,
                          fmt::format("{} of {} is {}, {}", key, m_what, shown(*value), form));
        return nullptr;
    }
    return value;
}

std::optional<std::string> TableReader::text(std::string_view key) {
    const Value* value = typed(key, Value::Kind::Text, "a text in quotes is wanted");
    return value == nullptr ? std::nullopt : std::optional(value->text);
}

std::optional<std::string> TableReader::name(std::string_view key) {
    const Value* value = typed(key, Value::Kind::Text, "a text in quotes is wanted");
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->text.find_first_not_of(' ') == std::string::npos) {
        m_problems.report(value->position,
                          fmt::format("{} of {} is empty, a text is wanted", key, m_what));
        return std::nullopt;
    }
    if (value->text.size() > kLongestName || hasControlCharacter(value->text)) {
        m_problems.report(
            value->position,
            fmt::format("{} of {} does not fit on one line, at most {} bytes are allowed", key,
                        m_what, kLongestName));
        return std::nullopt;
    }
    return value->text;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t least,
                                                 std::int64_t most) {
    const std::string form =
        most == INT64_MAX ? fmt::format("a whole number from {} is wanted", least)
                          : fmt::format("a whole number from {} to {} is wanted", least, most);
    const Value* value = typed(key, Value::Kind::Integer, form);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->integer < least || value->integer > most) {
        m_problems.report(value->position,
                          fmt::format("{} of {} is {}, {}", key, m_what, value->integer, form));
        return std::nullopt;
    }
    return value->integer;
}

std::optional<bool> TableReader::flag(std::string_view key) {
    const Value* value = typed(key, Value::Kind::Boolean, "true or false is wanted");
    return value == nullptr ? std::nullopt : std::optional(value->boolean);
}

std::optional<VariedDuration> TableReader::variedDuration(std::string_view key) {
    const Value* value =
        typed(key, Value::Kind::Text, "a duration is written \"20 ms\" (ns, us, ms or s)");
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto duration = parseDuration(value->text);
    if (!duration) {
        m_problems.report(value->position, duration.error());
        return std::nullopt;
    }
    return *duration;
}

std::optional<Nanoseconds> TableReader::duration(std::string_view key) {
    const auto duration = variedDuration(key);
    if (duration && duration->spread != 0) {
        m_problems.report(find(key)->position,
                          fmt::format("{} of {} can't vary, write it without \u00b1", key, m_what));
        return std::nullopt;
    }
    return duration ? std::optional(duration->nominalNs) : std::nullopt;
}

std::optional<std::uint64_t> TableReader::size(std::string_view key) {
    const Value* value = typed(key, Value::Kind::Text,
                               "a size is written \"64 kB\" (B, kB, MB, GB, KiB, MiB or GiB)");
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto bytes = parseSize(value->text);
    if (!bytes) {
        m_problems.report(value->position, bytes.error());
        return std::nullopt;
    }
    return *bytes;
}

const std::vector<Value>* TableReader::list(std::string_view key, std::string_view form) {
    const Value* value = typed(key, Value::Kind::List, form);
    return value == nullptr ? nullptr : &value->items;
}

std::vector<const Value*> TableReader::tables(std::string_view key) {
    const std::string form = fmt::format("write it [[{}]]", key);
    std::vector<const Value*> result;
    const std::vector<Value>* items = list(key, form);
    if (items == nullptr) {
        return result;
    }
    for (const Value& item : *items) {
        if (item.kind == Value::Kind::Table) {
            result.push_back(&item);
        } else {
            m_problems.report(item.position,
                              fmt::format("{} is {}, {}", key, describe(item.kind), form));
        }
    }
    return result;
}

void TableReader::refuseOthers() {
    for (const Member& member : m_table.members) {
        if (std::find(m_asked.begin(), m_asked.end(), member.key) != m_asked.end()) {
            continue;
        }
        const auto meant = nearest(member.key, m_asked);
        m_problems.report(
            member.position,
            fmt::format("{} has no key {}, {}{} {}", m_what, inQuotes(member.key),
                        meant ? fmt::format("did you mean {}? ", inQuotes(*meant)) : std::string(),
                        m_asked.size() == 1 ? "allowed is" : "allowed are",
                        listed(m_asked, "and")));
        return;
    }
}

} // namespace interleave::scenario
