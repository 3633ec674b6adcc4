// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/document.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

// The library asserts, or with NDEBUG assumes, that a list has no "}" in it: a wrong file would end
// the program or worse. Without either its own error handling takes over.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace interleave::scenario {

namespace {

/// Dots that join key parts, in the whole file. Every part is a table in a table, which the
/// library builds and frees by recursion; its own limit on nesting does not count them.
constexpr int kMostKeyDots = 500;

Position positionOf(const toml::source_region& region) {
    return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

Value converted(const toml::node& node);

void addMembers(Value& value, const toml::table& table) {
    for (const auto& [key, child] : table) {
        value.members.push_back(
            {std::string(key.str()), positionOf(key.source()), converted(child)});
    }
    std::stable_sort(value.members.begin(), value.members.end(),
                     [](const Member& a, const Member& b) { return a.position < b.position; });
}

Value converted(const toml::node& node) {
    Value value;
    value.position = positionOf(node.source());
    if (const toml::table* table = node.as_table()) {
        value.kind = Value::Kind::Table;
        addMembers(value, *table);
    } else if (const toml::array* array = node.as_array()) {
        value.kind = Value::Kind::List;
        value.items.reserve(array->size());
        for (const toml::node& item : *array) {
            value.items.push_back(converted(item));
        }
    } else if (const auto* text = node.as_string()) {
        value.kind = Value::Kind::Text;
        value.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
        value.kind = Value::Kind::Integer;
        value.integer = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
        value.kind = Value::Kind::Number;
        value.number = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
        value.kind = Value::Kind::Boolean;
        value.boolean = boolean->get();
    } else {
        value.kind = Value::Kind::Date;
    }
    return value;
}

/// The index behind the text or comment that begins at `at`.
std::size_t skipQuoted(std::string_view text, std::size_t at) {
    const char quote = text[at];
    if (text.substr(at).starts_with(std::string(3, quote))) {
        at += 3;
        while (at < text.size() &&
               !text.substr(at).starts_with(
                   std::string_view("\"\"\"'''").substr(quote == '"' ? 0 : 3, 3))) {
            at += quote == '"' && text[at] == '\\' ? 2u : 1u;
        }
        return at + 3;
    }
    for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
        at += quote == '"' && text[at] == '\\' ? 1u : 0u;
    }
    return at + 1;
}

/// Where the file has more key dots than anybody needs; line 0 if nowhere. A number's dot is not
/// told apart from a key's unless it is the only one in its word.
Position tooManyKeyDots(std::string_view text) {
    int line = 1;
    int dots = 0;
    int dotsInWord = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char character = text[at];
        if (character == '"' || character == '\'') {
            const std::size_t end = std::min(skipQuoted(text, at), text.size());
            line +=
                static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                            text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
            at = end - 1;
        } else if (character == '#') {
            at = std::min(text.find('\n', at), text.size()) - 1;
        } else if (character == '.') {
            ++dotsInWord;
            dots += dotsInWord == 2 ? 2 : dotsInWord > 2 ? 1 : 0;
            if (dots > kMostKeyDots) {
                return {line, 1};
            }
        } else if (std::string_view("=,[]{}\n").find(character) != std::string_view::npos) {
            dotsInWord = 0;
            line += character == '\n' ? 1 : 0;
        }
    }
    return {};
}

} // namespace

std::string_view describe(Value::Kind kind) {
    switch (kind) {
    case Value::Kind::Text:
        return "a text";
    case Value::Kind::Integer:
        return "a whole number";
    case Value::Kind::Number:
        return "a number";
    case Value::Kind::Boolean:
        return "true or false";
    case Value::Kind::Date:
        return "a date or time";
    case Value::Kind::List:
        return "a list";
    case Value::Kind::Table:
        return "a table";
    }
    return "nothing";
}

std::expected<Value, Mistake> parseDocument(std::string_view text) {
    if (const Position at = tooManyKeyDots(text); at.line != 0) {
        return std::unexpected(
            Mistake{at, fmt::format("too many dotted keys, at most {} dots are allowed in a file",
                                    kMostKeyDots)});
    }
    const toml::parse_result result = toml::parse(text);
    if (!result) {
        const toml::parse_error& error = result.error();
        std::string description(error.description());
        if (description.starts_with('E')) { // "Error while parsing ..."
            description.front() = 'e';
        }
        return std::unexpected(
            Mistake{positionOf(error.source()), fmt::format("this is not TOML, {}", description)});
    }
    Value root;
    root.position = {1, 1};
    addMembers(root, result.table());
    return root;
}

bool isText(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[at]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                   : lead >= 0xe0 && lead < 0xf0 ? 3
                                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                                                 : 0;
        if (length == 0 || lead == 0 || at + length > bytes.size()) {
            return false;
        }
        std::uint32_t code = length == 1 ? lead : lead & (0x7fu >> length);
        for (std::size_t i = 1; i < length; ++i) {
            const auto next = static_cast<unsigned char>(bytes[at + i]);
            if ((next & 0xc0u) != 0x80u) {
                return false;
            }
            code = code << 6 | (next & 0x3fu);
        }
        const bool isOverlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
        const bool isSurrogate = code >= 0xd800 && code < 0xe000;
        if (isOverlong || isSurrogate || code > 0x10ffff) {
            return false;
        }
        at += length;
    }
    return true;
}

} // namespace interleave::scenario
