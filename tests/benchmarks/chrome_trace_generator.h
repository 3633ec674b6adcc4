// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a Chrome trace of any length: complete events that nest, on 64 threads of 2 processes, with
// 200 names, times with three decimals, one event a line.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

namespace interleave::chrome_trace {

class TraceGenerator {
public:
    /// The text of the next events; the first has the opening of the file before it.
    std::string next(std::size_t count, bool isLast) {
        std::string text;
        if (m_made == 0) {
            text = "{\"traceEvents\":[\n";
        }
        for (std::size_t i = 0; i < count; ++i) {
            addEvent(text);
            text += isLast && i + 1 == count ? "\n]}\n" : ",\n";
        }
        return text;
    }

private:
    static constexpr unsigned kThreads = 64;

    /// Each thread's slices in groups of three: one and, within it, two that follow each other.
    void addEvent(std::string& text) {
        const unsigned thread = static_cast<unsigned>(m_made++ % kThreads);
        std::int64_t& clock = m_clocks[thread];
        unsigned& place = m_places[thread];
        std::int64_t begin = clock;
        std::int64_t duration = 0;
        if (place == 0) {
            duration = 4000 + static_cast<std::int64_t>(m_random() % 20'000);
            m_parents[thread] = duration;
            clock += 100;
        } else {
            duration = (m_parents[thread] - 300) / 2;
            clock += duration + (place == 2 ? 1000 : 50);
        }
        place = (place + 1) % 3;
        std::array<char, 200> line{};
        const int size = std::snprintf(
            line.data(), line.size(),
            "{\"name\":\"function_%u\",\"cat\":\"app\",\"ph\":\"X\",\"ts\":%lld.%03lld,"
            "\"dur\":%lld.%03lld,\"pid\":%u,\"tid\":%u}",
            static_cast<unsigned>(m_random() % 200), static_cast<long long>(begin / 1000),
            static_cast<long long>(begin % 1000), static_cast<long long>(duration / 1000),
            static_cast<long long>(duration % 1000), 1000 + thread % 2, 2000 + thread);
        text.append(line.data(), static_cast<std::size_t>(size));
    }

    std::mt19937 m_random{1};
    std::size_t m_made = 0;
    std::array<std::int64_t, kThreads> m_clocks{};
    std::array<std::int64_t, kThreads> m_parents{};
    std::array<unsigned, kThreads> m_places{};
};

} // namespace interleave::chrome_trace
