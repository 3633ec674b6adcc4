// SPDX-License-Identifier: GPL-3.0-or-later
// Collector: tails a session folder and turns events into a recording. It pairs what the program
// says (task states, locks) with what the machine did (kernel switches), so that nothing is
// `running` that was not on a core. Works on a session that is being written and on one whose
// writers are dead.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <filesystem>
#include <memory>

namespace interleave::collector {

class Collector {
public:
    /// The session must have a readable manifest; an error says what is missing.
    static Result<Collector> open(const std::filesystem::path& sessionFolder);
    Collector(Collector&&) noexcept;
    Collector& operator=(Collector&&) noexcept;
    ~Collector();

    /// Reads what has been written since the last poll; returns the number of new events.
    std::size_t poll();
    /// True when the session's writer has marked it as finished.
    bool isFinished() const;
    /// The recording of everything read so far. Of a run that goes on it ends where the kernel
    /// reader has got to, some ms ago; spans that are still open end there; what can't change any
    /// more is not built again. Of a finished one it is built from all events at once.
    std::shared_ptr<const recording::Recording> snapshot();

private:
    struct State;
    explicit Collector(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace interleave::collector
