// SPDX-License-Identifier: GPL-3.0-or-later
// HandedOver: a function object that TBB carries from the thread that makes it to the one that
// calls it. It only tells ThreadSanitizer what it can't see, since libtbb is not built with it:
// whatever happened before the making happens before the call, and whatever the call did happens
// before the memory is used for another one. Without that sanitizer it is the function itself.
#pragma once

#include <utility>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace interleave::models {

class HandOverMark {
public:
    /// Whoever makes a function object begins here ...
    HandOverMark() { acquire(); }
    HandOverMark(const HandOverMark&) {}
    HandOverMark& operator=(const HandOverMark&) = delete;
    /// ... and the last thing that happens to it is this.
    ~HandOverMark() { release(); }

#if defined(__SANITIZE_THREAD__)
    static void acquire() {
        __tsan_acquire(address());
    }
    static void release() {
        __tsan_release(address());
    }

private:
    static void* address() {
        static const char kAnywhere = 0;
        return const_cast<char*>(&kAnywhere);
    }
#else
    static void acquire() {}
    static void release() {}
#endif
};

template <class Function>
class HandedOver {
public:
    explicit HandedOver(Function function)
        : m_function(std::move(function)) {}
    HandedOver(const HandedOver& other)
        : m_function(other.m_function) {
        HandOverMark::release(); // this copy is what TBB carries
    }
    HandedOver& operator=(const HandedOver&) = delete;
    ~HandedOver() = default;

    void operator()() const {
        HandOverMark::acquire();
        m_function();
    }

private:
    [[no_unique_address]] HandOverMark m_mark; // the first member: made first, destroyed last
    Function m_function;
};

} // namespace interleave::models
