// SPDX-License-Identifier: GPL-3.0-or-later
// What ThreadSanitizer can't see: libtbb is not built with it, so the hand-over of a task from one
// worker to another looks like a race between the two ends of TBB's own task objects. Only frames
// of TBB itself are passed over; races in our code are reported as ever.
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions() {
    return "race:tbb::detail\n"
           "called_from_lib:libtbb.so\n";
}
#endif
