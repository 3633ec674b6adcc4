// SPDX-License-Identifier: GPL-3.0-or-later
// Every context switch of this process' threads and child processes, from perf_event_open: one
// event and one ring for each core, inherited by every thread and process that is started later.
// Needs no privilege where kernel.perf_event_paranoid is 2 or less.
//
// Thread: open() by the thread whose descendants are to be followed; then one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/types.h>

namespace interleave::record {

struct KernelRecord {
    enum class Kind : std::uint8_t {
        In,        // thread `id` goes on the core
        Out,       // leaves it of its own will
        Preempted, // is made to leave it
        Ended,     // thread `id` ends, on this core
        Forked,    // process `id` is new
        Lost,      // `id` records of this core were lost before this one
    };
    std::int64_t timeNs = 0; // CLOCK_MONOTONIC
    std::uint32_t id = 0;
    std::uint16_t core = 0;
    Kind kind = Kind::In;
};

class KernelSwitches {
public:
    struct Refusal {
        int error = 0;         // errno
        std::string operation; // "perf_event_open", "mmap"
    };

    /// `process`: a child process that has one thread and is followed in place of the caller.
    static std::expected<KernelSwitches, Refusal> open(pid_t process = 0);
    KernelSwitches(const KernelSwitches&) = delete;
    KernelSwitches& operator=(const KernelSwitches&) = delete;
    KernelSwitches(KernelSwitches&& other) noexcept;
    KernelSwitches& operator=(KernelSwitches&&) = delete;
    ~KernelSwitches();

    /// Appends the records before `horizonNs`, sorted by time over all cores; keeps younger ones
    /// for the next call. With a horizon a little in the past (kSettlingNs) the records of all
    /// calls together are sorted.
    void drain(std::int64_t horizonNs, std::vector<KernelRecord>& records);
    /// Becomes readable when a ring is filling up.
    const std::vector<pollfd>& descriptors() const { return m_polled; }
    /// True when a ring was nearly full at some drain, so that records may have been lost.
    bool wasNearlyFull() const { return m_wasNearlyFull; }
    /// Threads that existed before and could not be followed.
    int missedThreads() const { return m_missedThreads; }
    std::size_t ringBytes() const { return m_ringBytes; }
    /// The cores that are watched.
    std::vector<int> cores() const;
    /// Forgets the rings without touching them: for a forked child, which has none.
    void abandon();

    /// A record's time is taken a little before the record can be read.
    static constexpr std::int64_t kSettlingNs = 200'000;

private:
    struct Ring {
        int core = 0;
        int fd = -1;
        std::byte* base = nullptr;
    };
    KernelSwitches() = default;
    std::expected<void, Refusal> openRings(std::size_t ringBytes, pid_t process);
    void followOtherThreads();
    void closeAll();
    void drainRing(const Ring& ring);
    void parse(const std::byte* record, std::size_t bytes, int core);

    std::vector<Ring> m_rings;
    std::vector<int> m_otherDescriptors;
    std::vector<pollfd> m_polled;
    std::vector<KernelRecord> m_pending;
    std::size_t m_ringBytes = 0;
    int m_missedThreads = 0;
    bool m_wasNearlyFull = false;
};

} // namespace interleave::record
