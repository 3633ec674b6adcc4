// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/slice.h"

#include <sys/mman.h>

namespace interleave::chrome_trace {

SliceArena::SliceArena(std::size_t count) {
    if (count == 0) {
        return;
    }
    void* memory = ::mmap(nullptr, count * sizeof(Slice), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return;
    }
    ::madvise(memory, count * sizeof(Slice), MADV_HUGEPAGE);
    m_slices = static_cast<Slice*>(memory);
    m_capacity = count;
}

SliceArena::~SliceArena() {
    if (m_slices != nullptr) {
        ::munmap(m_slices, m_capacity * sizeof(Slice));
    }
}

Slice* SliceArena::take(std::size_t count) {
    const std::size_t first = m_used.fetch_add(count, std::memory_order_relaxed);
    return first + count <= m_capacity ? m_slices + first : nullptr;
}

} // namespace interleave::chrome_trace
