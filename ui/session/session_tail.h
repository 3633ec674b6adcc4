// SPDX-License-Identifier: GPL-3.0-or-later
// SessionTail: follows the session of a run on a thread of its own and hands out snapshots, then
// the final recording. It never touches a widget; its callbacks are called on its thread.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace interleave::ui {

using RecordingPtr = std::shared_ptr<const recording::Recording>;

struct SessionTailCallbacks {
    std::function<void(RecordingPtr)> snapshot;
    /// After finish(): the recording that the runner left; what its session holds where the
    /// runner died before it could write one; an error where there is neither.
    std::function<void(Result<RecordingPtr>)> final;
};

class SessionTail {
public:
    SessionTail(std::filesystem::path sessionFolder, std::filesystem::path recordingFile,
                SessionTailCallbacks callbacks);
    /// Ends without a final recording if finish() was not called.
    ~SessionTail() = default;
    SessionTail(const SessionTail&) = delete;
    SessionTail& operator=(const SessionTail&) = delete;

    /// The runner has ended: nothing more will be written.
    void finish();

private:
    void follow(std::stop_token stop);
    Result<RecordingPtr> finalRecording() const;
    /// Waits, shorter if the runner ends; false when the tail shall end.
    bool pause(std::stop_token stop, std::chrono::nanoseconds length);

    std::filesystem::path m_sessionFolder;
    std::filesystem::path m_recordingFile;
    SessionTailCallbacks m_callbacks;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_isRunnerDone = false;
    std::jthread m_thread; // last: starts when everything else is there, joins before it goes
};

} // namespace interleave::ui
