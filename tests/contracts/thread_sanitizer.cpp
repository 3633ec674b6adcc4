// SPDX-License-Identifier: GPL-3.0-or-later
// What ThreadSanitizer can't see: libtbb is not built with it, so the end of a task group, where a
// worker's last touch of TBB's own counter meets its destruction, looks like a race. Only that
// counter is passed over. (How tasks get from thread to thread is told by hand_over.h.)
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions() {
    return "race:tbb/detail/_task.h\n";
}
#endif
