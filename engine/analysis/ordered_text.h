// SPDX-License-Identifier: GPL-3.0-or-later
// Large texts: parts are formatted on all cores and written in order, while the next ones are being
// formatted. Memory holds a few parts, however long the text is.
#pragma once

#include "engine/base/result.h"
#include "engine/base/text_buffer.h"

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string_view>

namespace interleave::analysis {

struct TextSink {
    /// Takes the text in order, a megabyte or so at a time; from one thread at a time.
    std::function<Result<void>(std::string_view)> write{};
    std::stop_token stop{};
    /// Share of the work that is done; called by the thread that writes.
    std::function<void(double)> progress{};
};

/// Calls format(part, buffer) for parts 0 .. count - 1 and writes what it appends. True if it came
/// to its end, false if it was stopped; the first error of `write` ends it.
Result<bool> writeInOrder(std::size_t count,
                          const std::function<void(std::size_t, TextBuffer&)>& format,
                          const TextSink& sink);

} // namespace interleave::analysis
