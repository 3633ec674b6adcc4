// SPDX-License-Identifier: GPL-3.0-or-later
// SessionTail: poll often, which is cheap; build a snapshot no more often than pacing allows.
#include "ui/session/session_tail.h"

#include "engine/collector/collector.h"
#include "engine/storage/recording_file.h"
#include "ui/session/snapshot_pacing.h"

#include <chrono>
#include <ctime>
#include <optional>
#include <system_error>
#include <utility>

namespace interleave::ui {

namespace {

using std::chrono::nanoseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Of this whole process: a snapshot costs its drawing as well, which happens on another thread.
nanoseconds processCpuTime() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

bool fileExists(const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

} // namespace

SessionTail::SessionTail(std::filesystem::path sessionFolder, std::filesystem::path recordingFile,
                         SessionTailCallbacks callbacks)
    : m_sessionFolder(std::move(sessionFolder))
    , m_recordingFile(std::move(recordingFile))
    , m_callbacks(std::move(callbacks))
    , m_thread([this](std::stop_token stop) { follow(std::move(stop)); }) {}

void SessionTail::finish() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isRunnerDone = true;
    }
    m_changed.notify_all();
}

bool SessionTail::pause(std::stop_token stop, nanoseconds length) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, stop, length, [this] { return m_isRunnerDone; });
    return !stop.stop_requested() && !m_isRunnerDone;
}

void SessionTail::follow(std::stop_token stop) {
    std::optional<collector::Collector> collector;
    SteadyTime nextSnapshot{};
    nanoseconds cpuAtLast{};
    std::size_t unseenEvents = 0;
    nanoseconds wait = kShortestSnapshotInterval;
    while (pause(stop, wait)) {
        if (!collector) {
            // The runner calibrates first and makes its session then: no session yet is no error.
            if (auto opened = collector::Collector::open(m_sessionFolder)) {
                collector.emplace(std::move(*opened));
                cpuAtLast = processCpuTime();
            } else {
                continue;
            }
        }
        unseenEvents += collector->poll();
        const auto now = std::chrono::steady_clock::now();
        if (unseenEvents == 0 || now < nextSnapshot) {
            continue;
        }
        unseenEvents = 0;
        const nanoseconds cpu = processCpuTime();
        nextSnapshot = now + snapshotInterval(cpu - cpuAtLast);
        cpuAtLast = cpu;
        m_callbacks.snapshot(collector->snapshot());
    }
    if (!stop.stop_requested()) {
        collector.reset();
        m_callbacks.final(finalRecording());
    }
}

Result<RecordingPtr> SessionTail::finalRecording() const {
    if (fileExists(m_recordingFile)) {
        return storage::readRecording(m_recordingFile);
    }
    auto collector = collector::Collector::open(m_sessionFolder);
    if (!collector) {
        return std::unexpected(collector.error());
    }
    collector->poll();
    auto ended = std::make_shared<recording::Recording>(*collector->snapshot());
    ended->isLive = false;
    return ended;
}

} // namespace interleave::ui
