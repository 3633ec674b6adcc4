// SPDX-License-Identifier: GPL-3.0-or-later
// TraceText: the whole text of a trace in memory: a mapped file, or what a .gz file unpacks to.
// Which of the two is told by the first bytes, not by the name.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>

namespace interleave::chrome_trace {

/// How far unpacking is, in bytes of the file.
using TextProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

class TraceText {
public:
    static Result<TraceText> open(const std::filesystem::path& file,
                                  const std::stop_token& stop = {},
                                  const TextProgress& progress = {});
    /// The same for bytes in memory; `name` is for sentences.
    static Result<TraceText> fromBytes(std::string_view bytes, std::string_view name);

    TraceText(TraceText&& other) noexcept;
    TraceText& operator=(TraceText&& other) noexcept;
    ~TraceText();

    /// Followed by kScanPadding bytes that may be read.
    std::string_view text() const { return {m_data, m_size}; }
    /// Whether there is no file to read the text from again.
    bool isUnpacked() const { return m_isUnpacked; }
    /// Whether it came out of compressed data.
    bool wasPacked() const { return m_wasPacked; }
    /// Whether the compressed data ended early or was damaged.
    bool isDamaged() const { return m_isDamaged; }

private:
    TraceText() = default;
    static Result<TraceText> map(int fd, std::size_t size, std::string_view name);
    static Result<TraceText> unpack(std::string_view packed, std::string_view name,
                                    const std::stop_token& stop, const TextProgress& progress);
    static Result<TraceText> readAll(int fd, std::string_view name, const std::stop_token& stop);
    /// Makes room for `size` bytes and the padding; false if there is none.
    bool grow(std::size_t size);
    void release();

    char* m_data = nullptr;
    std::size_t m_size = 0;
    std::size_t m_reserved = 0; // of the mapping
    bool m_isUnpacked = false;
    bool m_wasPacked = false;
    bool m_isDamaged = false;
};

} // namespace interleave::chrome_trace
