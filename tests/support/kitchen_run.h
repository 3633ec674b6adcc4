// SPDX-License-Identifier: GPL-3.0-or-later
// The events of a long run, made up: for properties and costs of following a run that goes on.
#pragma once

#include "engine/collector/stream_events.h"

#include <array>
#include <cstdint>
#include <random>
#include <vector>

namespace interleave::support {

inline constexpr Nanoseconds kStepNs = 1000;

/// A run of three workers that execute short tasks one after the other, with a lock and a
/// queue, while the kernel moves them about and takes their cores away.
class KitchenRun {
public:
    /// Each task takes the lock, works, and waits for I/O `rounds` times.
    explicit KitchenRun(std::size_t tasks, int rounds = 1);

    const collector::Manifest& manifest() const { return m_manifest; }
    const std::vector<collector::StreamEvents>& streams() const { return m_streams; }
    Nanoseconds endNs() const { return m_now; }

private:
    static constexpr std::uint32_t kWorkers = 3;

    struct Worker {
        std::uint32_t task = 0;
        int step = 0;
        int round = 0;
        bool isOnCore = false;
        std::uint32_t core = 0;
    };

    void emit(std::uint32_t stream, record::EventKind kind, std::uint32_t a, std::uint32_t b);
    void state(std::uint32_t w, State next, std::uint32_t object = 0);
    void play();
    void work(std::uint32_t w);
    void moveCores();

    collector::Manifest m_manifest;
    std::vector<collector::StreamEvents> m_streams;
    std::array<Worker, kWorkers> m_workers;
    int m_rounds;
    std::uint32_t m_next = 1;
    std::uint32_t m_item = 0;
    std::uint32_t m_stoveHolder = 0; // worker + 1
    bool m_isHandedOver = false;
    std::vector<std::uint32_t> m_items;
    Nanoseconds m_now = 50 * kStepNs;
    std::mt19937 m_random{17};
};

} // namespace interleave::support
