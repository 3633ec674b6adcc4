// SPDX-License-Identifier: GPL-3.0-or-later
// A plain program with threads. First argument: what to do.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <string>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

pthread_barrier_t barrier;
pthread_key_t key;
int rounds = 0;

void* meet(void*) {
    pthread_barrier_wait(&barrier);
    return nullptr;
}

void* nameItself(void*) {
    pthread_setname_np(pthread_self(), "chosen-name");
    std::printf("%ld\n", syscall(SYS_gettid));
    std::fflush(stdout);
    return nullptr;
}

/// Something thread-local that needs two rounds to go, and names its thread in each.
void destroy(void* value) {
    pthread_setname_np(pthread_self(), rounds == 0 ? "round-1" : "round-2");
    if (++rounds < 2) {
        pthread_setspecific(key, value);
    }
}

void* useKey(void*) {
    pthread_setspecific(key, &rounds);
    return nullptr;
}

void* leaveEarly(void*) {
    pthread_exit(nullptr);
}

/// Its events need several chunks, in pieces that other threads make, too.
void* nameItselfOften(void* number) {
    char name[16];
    for (int i = 0; i < 20'000; ++i) {
        std::snprintf(name, sizeof name, "%ld.%d", reinterpret_cast<long>(number), i);
        pthread_setname_np(pthread_self(), name);
    }
    return nullptr;
}

volatile sig_atomic_t alarms = 0;

void onAlarm(int) {
    alarms = alarms + 1;
    pthread_setname_np(pthread_self(), "in-the-handler");
}

void runOne(void* (*routine)(void*)) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, routine, nullptr) != 0) {
        std::exit(9);
    }
    pthread_join(thread, nullptr);
}

} // namespace

int main(int count, char** arguments) {
    const std::string what = count > 1 ? arguments[1] : "";
    if (what == "many") {
        const int threads = std::atoi(arguments[2]);
        auto* const all = new pthread_t[static_cast<std::size_t>(threads)];
        pthread_barrier_init(&barrier, nullptr, static_cast<unsigned>(threads) + 1);
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, 16384); // the smallest
        for (int i = 0; i < threads; ++i) {
            if (pthread_create(&all[i], &attributes, meet, nullptr) != 0) {
                return 9;
            }
        }
        pthread_barrier_wait(&barrier);
        for (int i = 0; i < threads; ++i) {
            pthread_join(all[i], nullptr);
        }
        delete[] all;
    } else if (what == "storm") {
        pthread_t all[6];
        for (long i = 0; i < 6; ++i) {
            pthread_create(&all[i], nullptr, nameItselfOften, reinterpret_cast<void*>(i));
        }
        for (const pthread_t thread : all) {
            pthread_join(thread, nullptr);
        }
    } else if (what == "alarms") {
        struct sigaction action {};
        action.sa_handler = onAlarm;
        sigaction(SIGALRM, &action, nullptr);
        const itimerval often{{0, 50}, {0, 50}};
        setitimer(ITIMER_REAL, &often, nullptr);
        int names = 0;
        while (alarms < 1000) {
            errno = 4711;
            pthread_setname_np(pthread_self(), names % 2 == 0 ? "even" : "odd");
            if (errno != 4711) {
                return 7;
            }
            ++names;
        }
        const itimerval never{};
        setitimer(ITIMER_REAL, &never, nullptr);
        std::printf("%d\n", names + alarms);
    } else if (what == "names") {
        runOne(nameItself);
    } else if (what == "destructors") {
        pthread_key_create(&key, destroy);
        runOne(useKey);
    } else if (what == "exit") {
        runOne(leaveEarly);
    } else if (what == "processes") { // each makes a thread, so each is recorded
        const int processes = std::atoi(arguments[2]);
        for (int i = 0; i < processes; ++i) {
            const pid_t child = fork();
            if (child == 0) {
                runOne(leaveEarly);
                _exit(0);
            }
            if (child < 0) {
                return 9;
            }
        }
        int failed = 0;
        for (int i = 0; i < processes; ++i) {
            int status = 0;
            wait(&status);
            failed += status != 0;
        }
        return failed == 0 ? 0 : 8;
    } else if (what == "fork-without-handlers") {
        runOne(leaveEarly);
        const pid_t child = _Fork();
        if (child == 0) {
            runOne(leaveEarly);
            _exit(5);
        }
        int status = 0;
        waitpid(child, &status, 0);
        return WEXITSTATUS(status) == 5 ? 0 : 8;
    } else if (what == "vfork") {
        runOne(leaveEarly);
        const pid_t child = vfork();
        if (child == 0) {
            _exit(5);
        }
        int status = 0;
        waitpid(child, &status, 0);
        runOne(leaveEarly);
        return WEXITSTATUS(status) == 5 ? 0 : 8;
    }
    return 0;
}
