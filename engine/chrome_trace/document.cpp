// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/document.h"

#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::chrome_trace {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

} // namespace

/// `at` behind a brace or a comma. Stops at the events.
TraceDocument::FieldsEnd TraceDocument::readFields(const char*& at) {
    while (true) {
        while (at < m_end && (isSpace(*at) || *at == ',')) {
            ++at;
        }
        if (at >= m_end) {
            return FieldsEnd::Cut;
        }
        if (*at == '}') {
            return FieldsEnd::Close;
        }
        if (*at != '"') {
            return FieldsEnd::Malformed;
        }
        const char* keyBegin = at + 1;
        const char* keyEnd = stringEnd(keyBegin, m_end);
        if (keyEnd == nullptr) {
            return FieldsEnd::Cut;
        }
        at = skipSpace(keyEnd + 1, m_end);
        if (at >= m_end || *at != ':') {
            return at >= m_end ? FieldsEnd::Cut : FieldsEnd::Malformed;
        }
        at = skipSpace(at + 1, m_end);
        const std::string_view key(keyBegin, keyEnd);
        if (at < m_end && *at == '[' && decodeString(key) == "traceEvents") {
            m_events = ++at;
            return FieldsEnd::Events;
        }
        const char* value = at;
        at = valueEnd(at, m_end);
        if (at == nullptr || at == value) {
            return at == nullptr ? FieldsEnd::Cut : FieldsEnd::Malformed;
        }
        m_fields.push_back({key, {value, at}});
    }
}

Result<TraceDocument> TraceDocument::open(std::string_view text, std::string_view name) {
    TraceDocument document;
    const char* at = text.data();
    document.m_end = text.data() + text.size();
    document.m_events = document.m_end;
    if (text.starts_with(kByteOrderMark)) {
        at += kByteOrderMark.size();
    }
    at = skipSpace(at, document.m_end);
    if (at == document.m_end) {
        return fail(fmt::format("{} is empty.", name));
    }
    if (*at == '[') {
        document.m_events = at + 1;
        return document;
    }
    if (*at != '{') {
        return fail(fmt::format("{} is not a Chrome trace: it is no JSON.", name));
    }
    document.m_form = Form::Object;
    const char* const begin = at;
    switch (document.readFields(++at)) {
    case FieldsEnd::Events:
        return document;
    case FieldsEnd::Close:
        break;
    case FieldsEnd::Cut:
        return fail(fmt::format("{} ends before its \"traceEvents\" begin.", name));
    case FieldsEnd::Malformed:
        return fail(fmt::format("{} is not a Chrome trace: its JSON is damaged at byte {}.", name,
                                at - text.data()));
    }
    if (document.value("ph")) {
        document.m_form = Form::Lines;
        document.m_events = begin;
        document.m_fields.clear();
        return document;
    }
    return fail(fmt::format(
        "{} is not a Chrome trace: it is JSON, but without a list \"traceEvents\".", name));
}

bool TraceDocument::readTail(const char* stop) {
    if (m_form != Form::Object) {
        return false;
    }
    const FieldsEnd end = readFields(stop);
    m_isCut = end == FieldsEnd::Cut;
    return end == FieldsEnd::Events;
}

std::optional<std::string_view> TraceDocument::value(std::string_view key) const {
    const auto found =
        std::ranges::find_if(m_fields.rbegin(), m_fields.rend(), [&](const Field& f) {
            return f.key == key ||
                   (f.key.find('\\') != std::string_view::npos && decodeString(f.key) == key);
        });
    return found == m_fields.rend() ? std::nullopt : std::optional(found->value);
}

bool looksLikeTrace(std::string_view head) {
    if (head.starts_with("\x1f\x8b")) {
        return true;
    }
    if (head.starts_with(kByteOrderMark)) {
        head.remove_prefix(kByteOrderMark.size());
    }
    const char* end = head.data() + head.size();
    const char* at = skipSpace(head.data(), end);
    if (at == end || *at == '{') {
        return at != end;
    }
    if (*at != '[') {
        return false;
    }
    at = skipSpace(at + 1, end); // a table of a scenario begins with a bracket too
    return at == end || *at == '{' || *at == ']';
}

} // namespace interleave::chrome_trace
