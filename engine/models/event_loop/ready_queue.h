// SPDX-License-Identifier: GPL-3.0-or-later
// The event loop's ready queue: first in, first out, as asyncio's. A ring that grows to the most
// tasks that were ever ready at once and then allocates no more.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace interleave::models {

template <class T>
class ReadyQueue {
public:
    bool isEmpty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }

    void push(T item) {
        if (m_size == m_ring.size()) {
            grow();
        }
        m_ring[(m_first + m_size) & (m_ring.size() - 1)] = std::move(item);
        ++m_size;
    }

    /// The queue must not be empty.
    T pop() {
        T item = std::move(m_ring[m_first]);
        m_first = (m_first + 1) & (m_ring.size() - 1);
        --m_size;
        return item;
    }

private:
    void grow() {
        std::vector<T> larger(m_ring.empty() ? 64 : 2 * m_ring.size());
        for (std::size_t i = 0; i < m_size; ++i) {
            larger[i] = std::move(m_ring[(m_first + i) & (m_ring.size() - 1)]);
        }
        m_ring = std::move(larger);
        m_first = 0;
    }

    std::vector<T> m_ring; // its size is a power of two
    std::size_t m_first = 0;
    std::size_t m_size = 0;
};

} // namespace interleave::models
