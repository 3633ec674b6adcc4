// SPDX-License-Identifier: GPL-3.0-or-later
// TraceNames: the names of a recording that is being built, with their texts at hand.
#pragma once

#include "engine/recording/recording_builder.h"

#include <string>
#include <string_view>
#include <vector>

namespace interleave::chrome_trace {

class TraceNames {
public:
    explicit TraceNames(recording::RecordingBuilder& builder)
        : m_builder(builder) {}

    StringId intern(std::string_view text) {
        const StringId id = m_builder.intern(text);
        if (id.value == m_texts.size()) {
            m_texts.emplace_back(text);
        }
        return id;
    }
    std::string_view text(StringId id) const { return m_texts[id.value]; }

private:
    recording::RecordingBuilder& m_builder;
    std::vector<std::string> m_texts = std::vector<std::string>(1); // index: id
};

} // namespace interleave::chrome_trace
