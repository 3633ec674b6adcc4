// SPDX-License-Identifier: GPL-3.0-or-later
// When work came, and why then: because another task had ended or spawned it, or because it was its
// time. Idle workers before the one are a serial part of the program, before the other they are
// not.
#pragma once

#include "engine/recording/recording.h"

#include <optional>
#include <vector>

namespace interleave::analysis {

struct Submission {
    Nanoseconds ns = 0;
    TaskId task;
    TaskId parent{};      // that spawned it, or whose end brought it about; none: its time had come
    bool isSpawn = false; // the parent went on
};

class Submissions {
public:
    explicit Submissions(const recording::Recording& recording);

    const std::vector<Submission>& all() const { return m_all; } // by time
    const Submission& of(TaskId task) const { return m_all[m_indexOf[task.value - 1]]; }
    /// The first one after a moment.
    const Submission* next(Nanoseconds after) const;

private:
    std::vector<Submission> m_all;
    std::vector<std::size_t> m_indexOf;
};

} // namespace interleave::analysis
