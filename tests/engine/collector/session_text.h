// SPDX-License-Identifier: GPL-3.0-or-later
// Streams of events written as text, for tests: times in units of 1 us.
//
//   stream worker w1 tid 11            (role: worker, control, kernel, sampler)
//   0 start                            ThreadStarted
//   2 a running chop                   task, state, then any of: a step's name, @object, detached
//   5 a acquired stove forced          LockAcquired: free (default), handoff, forced
//   7 a released stove
//   3 spawned b a                      child, parent (or "-": the run)
//   4 woken b a
//   6 put 1 orders / 8 got 1 orders    item, queue
//   9 level 1 5                        counter, value
//   0 in 11 0                          kernel: thread, core
//   9 out 11 0 [preempted]
//   9 lost 3 0                         switches, core
//   9 cpu 5                            ThreadCpuTime, in units
//   9 rss 100 64 / 9 load 0 120        process KiB; core per mille
//   9 end
// Messages, by numbers; exchange "shop" ("-": the default one), queues "tasks" and "dead":
//   0 published 1 shop / 1 confirmed 1 / 1 refused 1 / 1 unroutable 1 / 1 returned 1
//   1 routed 1 tasks, and so delivered (... again), acked, requeued, rejected, expired, overflowed,
//   dead-lettered, gone
//   1 carries 1 a / 0 consumes tasks 4 / 9 leaves tasks
#pragma once

#include "engine/collector/stream_events.h"

#include <string_view>

namespace interleave::collector {

inline constexpr Nanoseconds kUnitNs = 1000;

/// Tasks a, b, c (group "dish"), objects stove (lock), GIL, permits (semaphore of 2), orders
/// (queue), tasks and dead (message queues), shop (topic exchange), steps chop and bake, counter
/// "ready queue".
Manifest kitchen();

/// A mistake in the text fails a CHECK.
std::vector<StreamEvents> streamsOf(std::string_view text, const Manifest& manifest);

/// assemble() of the text with kitchen().
std::shared_ptr<const recording::Recording> recordingOf(std::string_view text, bool isLive = false);

} // namespace interleave::collector
