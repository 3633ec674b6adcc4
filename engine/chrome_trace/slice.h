// SPDX-License-Identifier: GPL-3.0-or-later
// Slice: what is kept of an X, B or E event between reading and packing. Narrow, because ten
// million of them are written and read once.
#pragma once

#include "engine/base/time.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace interleave::chrome_trace {

struct Slice {
    // Instead of a duration:
    static constexpr Nanoseconds kBegins = -1;  // B
    static constexpr Nanoseconds kEnds = -2;    // E
    static constexpr Nanoseconds kUnended = -3; // X without "dur"

    Nanoseconds begin = 0;
    Nanoseconds duration = 0;
    std::uint32_t name = 0; // its number in the piece's table + 1; 0: none
    std::uint32_t event =
        0; // where the event begins, from the piece's begin, + 1; 0: it has no args
};

/// Memory for all slices of a trace in one reservation, of which only what is used costs anything;
/// in huge pages, because touching 4 kB pages for the first time would cost more than parsing.
class SliceArena {
public:
    /// Room for `count` slices.
    explicit SliceArena(std::size_t count);
    SliceArena(const SliceArena&) = delete;
    SliceArena& operator=(const SliceArena&) = delete;
    ~SliceArena();

    /// nullptr if there is no memory left. Any thread.
    Slice* take(std::size_t count);

private:
    Slice* m_slices = nullptr;
    std::size_t m_capacity = 0;
    std::atomic<std::size_t> m_used = 0;
};

} // namespace interleave::chrome_trace
