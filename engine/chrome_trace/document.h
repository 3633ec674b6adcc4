// SPDX-License-Identifier: GPL-3.0-or-later
// TraceDocument: the outside of a trace: where its events are and what else stands beside them.
// Object form {"traceEvents": [...], ...}, array form [...], and objects one after the other.
#pragma once

#include "engine/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::chrome_trace {

class TraceDocument {
public:
    struct Field {
        std::string_view key; // raw
        std::string_view value;
    };

    /// Reads until the events. `text` is padded (TraceText); `name` is for sentences.
    static Result<TraceDocument> open(std::string_view text, std::string_view name);

    /// Behind the opening bracket of the events; an empty list begins at the end of the text.
    const char* events() const { return m_events; }
    /// Reads what stands behind the events. `stop` is behind their closing bracket. True if there
    /// is another list of events: a key that occurs twice means the last.
    bool readTail(const char* stop);
    /// Whether the text ended before the document did, which is usual for the array form.
    bool isCut() const { return m_isCut; }

    bool isObject() const { return m_form == Form::Object; }

    /// The raw value of a key beside "traceEvents".
    std::optional<std::string_view> value(std::string_view key) const;

private:
    enum class Form { Object, Array, Lines };
    enum class FieldsEnd { Events, Close, Cut, Malformed };

    FieldsEnd readFields(const char*& at);

    Form m_form = Form::Array;
    const char* m_end = nullptr;
    const char* m_events = nullptr;
    bool m_isCut = false;
    std::vector<Field> m_fields;
};

/// Whether a file that begins like this could be a trace: JSON of the right kind, or gzip.
bool looksLikeTrace(std::string_view head);

} // namespace interleave::chrome_trace
