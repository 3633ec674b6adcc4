// SPDX-License-Identifier: GPL-3.0-or-later
// The events of a long run of a task queue, made up: one thread publishes, others execute what is
// delivered to them; messages come back, expire, are refused, and wait in hundreds now and then.
#pragma once

#include "engine/collector/stream_events.h"

#include <array>
#include <cstdint>
#include <random>
#include <vector>

namespace interleave::collector {

class MessageRun {
public:
    explicit MessageRun(std::uint32_t messages);

    const Manifest& manifest() const { return m_manifest; }
    const std::vector<StreamEvents>& streams() const { return m_streams; }
    Nanoseconds endNs() const { return m_now; }

private:
    static constexpr std::uint32_t kConsumers = 3;
    static constexpr std::uint32_t kTasksQueue = 1;
    static constexpr std::uint32_t kDeadQueue = 2;

    struct Copy {
        std::uint32_t message = 0;
        std::uint32_t queue = 0;
        bool isRedelivered = false;
    };
    struct Consumer {
        Copy copy; // message 0: none
        int step = 0;
    };

    void emit(std::uint32_t stream, record::EventKind kind, std::uint32_t a, std::uint32_t b);
    void state(std::uint32_t stream, State next, std::uint32_t task);
    void publish();
    void consume(std::uint32_t consumer);
    void deadLetter(std::uint32_t stream, const Copy& copy, record::EventKind why);

    Manifest m_manifest;
    std::vector<StreamEvents> m_streams; // control, publisher, consumers, kernel
    std::vector<Copy> m_ready;
    std::array<Consumer, kConsumers> m_consumers{};
    std::uint32_t m_published = 0;
    Nanoseconds m_now = 1000;
    std::mt19937 m_random{5};
};

} // namespace interleave::collector
