// SPDX-License-Identifier: GPL-3.0-or-later
// TraceDetails: the args of a trace's events, read from the trace when somebody asks. A key is the
// offset of its event in the text.
#pragma once

#include "engine/chrome_trace/nesting.h"
#include "engine/chrome_trace/trace_text.h"
#include "engine/recording/detail_texts.h"

#include <filesystem>
#include <memory>

namespace interleave::chrome_trace {

class TraceDetails : public recording::DetailTexts {
public:
    /// Reads from the file, which stays open; a file that was changed meanwhile has no texts.
    static std::shared_ptr<const TraceDetails> ofFile(const std::filesystem::path& file,
                                                      DetailPairs pairs);
    /// Keeps the text, for traces that came out of compressed data.
    static std::shared_ptr<const TraceDetails> ofText(std::shared_ptr<const TraceText> text,
                                                      DetailPairs pairs);

    TraceDetails(const TraceDetails&) = delete;
    TraceDetails& operator=(const TraceDetails&) = delete;
    ~TraceDetails() override;

    /// The args as JSON; where a begin and an end have some, both in one object.
    std::string text(std::uint64_t key) const override;
    /// The whole event as JSON.
    std::string event(std::uint64_t key) const;

private:
    explicit TraceDetails(DetailPairs pairs);
    bool isUnchanged() const;
    std::string argsAt(std::uint64_t offset) const;
    std::string readAt(std::uint64_t offset, std::size_t size) const;

    DetailPairs m_pairs; // sorted
    std::shared_ptr<const TraceText> m_text;
    int m_fd = -1;
    std::uint64_t m_fileSize = 0;
    std::int64_t m_changedNs = 0;
};

} // namespace interleave::chrome_trace
