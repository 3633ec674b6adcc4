// SPDX-License-Identifier: GPL-3.0-or-later
// TraceThreads: the processes and threads of a trace, what they are called and in what order they
// stand. A thread becomes a worker if it has something to show.
#pragma once

#include "engine/chrome_trace/piece.h"
#include "engine/chrome_trace/thread_packer.h"
#include "engine/recording/recording_builder.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace interleave::chrome_trace {

struct TraceProcess {
    Identity pid{};
    std::uint32_t number = 0; // its pid, or another where that is no 32-bit number
    std::int64_t sortIndex = 0;
    std::vector<std::string> names{};
    std::string labels{};
    std::string shownName() const;
};

struct TraceThread {
    ThreadKey key{};
    std::size_t process = 0;
    std::uint32_t number = 0; // its tid, likewise
    std::int64_t sortIndex = 0;
    std::vector<std::string> names{};
    std::vector<NamedGroup> groups{};
    std::size_t sliceCount = 0;
    bool isMentioned = false; // by a mark or a flow
    WorkerId worker{};        // none: nothing to show
    std::string shownName() const;
};

class TraceThreads {
public:
    /// Index of the thread, which is added if it is new.
    std::size_t indexOf(const ThreadKey& key);
    std::vector<TraceThread>& threads() { return m_threads; }
    TraceThread& thread(std::size_t index) { return m_threads[index]; }
    const TraceProcess& processOf(std::size_t thread) const {
        return m_processes[m_threads[thread].process];
    }

    /// Takes what an M event says; others than the known ones say nothing that is shown.
    void takeMetadata(std::size_t thread, std::string_view name, std::string_view args);
    /// Numbers processes and threads, and adds those that have something to show, in order.
    /// Returns how many have several names.
    std::uint64_t addTo(recording::RecordingBuilder& builder);
    /// Indices of the threads that are workers, in their order.
    const std::vector<std::size_t>& shown() const { return m_shown; }

private:
    void number();

    std::vector<TraceThread> m_threads;
    std::vector<TraceProcess> m_processes;
    std::unordered_map<std::string, std::size_t> m_threadIndices;
    std::unordered_map<std::string, std::size_t> m_processIndices;
    std::vector<std::size_t> m_shown;
};

} // namespace interleave::chrome_trace
