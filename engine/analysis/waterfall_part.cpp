// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/waterfall_part.h"

#include <array>

namespace interleave::analysis {

namespace {

struct PartText {
    std::string_view name;
    std::string_view title;
    std::string_view meaning;
};

constexpr std::array<PartText, kParts> kPartTexts{{
    {"work", "work", "tasks on a core, doing their own work"},
    {"own_waits", "own waits", "tasks that wait for their own I/O and timers"},
    {"serial_part", "serial part", "idle until a task ends that others depend on"},
    {"arrivals", "no work yet", "idle because nothing had been submitted yet"},
    {"interpreter_lock", "interpreter lock", "waiting for the interpreter lock"},
    {"locks", "locks", "waiting for locks, semaphores, barriers"},
    {"imbalance", "imbalance", "nothing left to do while others are still at it"},
    {"start_up", "start-up", "threads and processes being made"},
    {"transfer", "transfer", "arguments and results being serialised, copied, sent"},
    {"queueing", "queueing", "idle although a task was waiting, a full queue, a pause to retry"},
    {"prefetch", "idle behind prefetch", "idle while another worker had tasks reserved"},
    {"no_core", "no core free", "could run, but this run used all cores"},
    {"other_programs", "other programs", "could run, but other programs had the core"},
    {"machinery", "model's own work", "on a core to hand out tasks, not to do them"},
}};

} // namespace

std::string_view nameOf(Part part) {
    return kPartTexts[static_cast<std::size_t>(part)].name;
}

std::string_view titleOf(Part part) {
    return kPartTexts[static_cast<std::size_t>(part)].title;
}

std::string_view meaningOf(Part part) {
    return kPartTexts[static_cast<std::size_t>(part)].meaning;
}

} // namespace interleave::analysis
