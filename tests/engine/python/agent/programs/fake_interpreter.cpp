// SPDX-License-Identifier: GPL-3.0-or-later
// A GIL without a Python: the calls that CPython makes, in its order, on its layout, so that tests
// can do to it what no interpreter does. First argument: what to do. FAKE_VERSION: its version.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <pthread.h>
#include <string>
#include <unistd.h>

namespace {

struct Gil {
    long enabled; // free-threaded builds only; as int, with padding
    unsigned long interval;
    void* lastHolder;
    volatile int locked;
    unsigned long switchNumber;
    pthread_cond_t cond;
    pthread_mutex_t mutex;
    pthread_cond_t switchCond;
    pthread_mutex_t switchMutex;
};

struct Interpreter {
    char before[640];
    Gil gil;
};

Interpreter interpreter;
Gil& gil = interpreter.gil;

void createGil(bool isShuffled = false) {
    if (isShuffled) {
        pthread_cond_init(&gil.cond, nullptr);
        pthread_mutex_init(&gil.mutex, nullptr);
        pthread_cond_init(&gil.switchCond, nullptr);
        pthread_mutex_init(&gil.switchMutex, nullptr);
    } else {
        pthread_mutex_init(&gil.mutex, nullptr);
        pthread_mutex_init(&gil.switchMutex, nullptr);
        pthread_cond_init(&gil.cond, nullptr);
        pthread_cond_init(&gil.switchCond, nullptr);
    }
    gil.locked = 0;
}

void take() {
    pthread_mutex_lock(&gil.mutex);
    while (gil.locked == 1) {
        timespec until{};
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += static_cast<long>(gil.interval) * 1000;
        until.tv_sec += until.tv_nsec / 1'000'000'000;
        until.tv_nsec %= 1'000'000'000;
        pthread_cond_timedwait(&gil.cond, &gil.mutex, &until);
    }
    pthread_mutex_lock(&gil.switchMutex);
    gil.locked = 1;
    ++gil.switchNumber;
    pthread_cond_signal(&gil.switchCond);
    pthread_mutex_unlock(&gil.switchMutex);
    pthread_mutex_unlock(&gil.mutex);
}

void drop() {
    pthread_mutex_lock(&gil.mutex);
    gil.locked = 0;
    pthread_cond_signal(&gil.cond);
    pthread_mutex_unlock(&gil.mutex);
}

double cpuNs() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

void* takeAndDrop(void*) {
    take();
    drop();
    return nullptr;
}

} // namespace

extern "C" {
__attribute__((visibility("default"))) std::uint64_t _PyRuntime[512] = {};

__attribute__((visibility("default"))) const char* Py_GetVersion() {
    const char* const version = std::getenv("FAKE_VERSION");
    return version == nullptr ? "3.11.99 (fake)" : version;
}
__attribute__((visibility("default"))) int Py_IsInitialized() {
    return 1;
}
}

namespace {

/// _Py_DebugOffsets; `shift` is 1 from 3.14 on.
void describe(std::uint64_t version, int shift, std::uint64_t locked, bool isFreeThreaded) {
    const auto at = [](const void* member) {
        return static_cast<std::uint64_t>(static_cast<const char*>(member) -
                                          reinterpret_cast<const char*>(&interpreter));
    };
    std::memcpy(_PyRuntime, "xdebugpy", 8);
    _PyRuntime[1] = version << 16;
    _PyRuntime[2] = isFreeThreaded;
    _PyRuntime[5] = 400 * 8; // interpreters_head: a word of this table
    _PyRuntime[400] = reinterpret_cast<std::uint64_t>(&interpreter);
    _PyRuntime[6] = sizeof interpreter;
    _PyRuntime[16 + shift] = at(&gil.enabled);
    _PyRuntime[17 + shift] = locked != 0 ? locked : at(const_cast<int*>(&gil.locked));
}

} // namespace

int main(int count, char** arguments) {
    const std::string what = count > 1 ? arguments[1] : "";
    gil.interval = 5000;
    if (what == "described") {
        describe(0x030e, 1, 0, false);
    } else if (what == "described-otherwise") {
        describe(0x030d, 0, 8, false);
    } else if (what == "free-threaded") {
        describe(0x030e, 1, 0, true);
    } else if (what == "free-threaded-on") {
        gil.enabled = 0x7fff'ffff;
        describe(0x030e, 1, 0, true);
    } else if (what == "odd-interval") {
        gil.interval = 0;
    }
    createGil(what == "shuffled");
    takeAndDrop(nullptr);
    if (what == "measure") { // ns of CPU time of one taking and dropping
        const long rounds = std::atol(arguments[2]);
        const double begin = cpuNs();
        for (long i = 0; i < rounds; ++i) {
            take();
            drop();
        }
        std::printf("%.2f\n", (cpuNs() - begin) / static_cast<double>(rounds));
        return 0;
    }
    if (what == "corrupt") {
        take();
        pthread_mutex_lock(&gil.mutex);
        gil.locked = 1; // and it says that it is free
        pthread_cond_signal(&gil.cond);
        pthread_mutex_unlock(&gil.mutex);
        gil.locked = 0;
    }
    if (what == "second-holder") {
        take();
        gil.locked = 0; // nobody says so
        pthread_t other;
        pthread_create(&other, nullptr, takeAndDrop, nullptr);
        pthread_join(other, nullptr);
    }
    if (what == "destroyed") { // then the same memory is an ordinary condition
        pthread_cond_destroy(&gil.cond);
        pthread_cond_destroy(&gil.switchCond);
    }
    for (int i = 0; i < 3; ++i) {
        takeAndDrop(nullptr);
    }
    pthread_t other; // a thread: what is missing is reported now
    pthread_create(&other, nullptr, takeAndDrop, nullptr);
    pthread_join(other, nullptr);
    return 0;
}
