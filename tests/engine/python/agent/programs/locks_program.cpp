// SPDX-License-Identifier: GPL-3.0-or-later
// Programs in C and C++ whose locks are recorded, one for each name that is given. They print what
// the test needs to know.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <map>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <shared_mutex>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

extern "C" pthread_mutex_t earlyMutex; // early_lock.cpp

namespace {

using namespace std::chrono_literals;
using std::this_thread::sleep_for;

int tid() {
    return static_cast<int>(syscall(SYS_gettid));
}

/// Waits until a thread of this process, or another process, sleeps: in the call that it was about
/// to make.
void untilAsleep(const std::atomic<int>& thread) {
    for (int seen = 0; seen < 3;) {
        sleep_for(1ms);
        char path[64], line[256] = "";
        std::snprintf(path, sizeof path, "/proc/%d/stat", thread.load());
        const int file = open(path, O_RDONLY);
        if (file >= 0) {
            const ssize_t got = read(file, line, sizeof line - 1);
            close(file);
            const char* const name = got > 0 ? std::strrchr(line, ')') : nullptr;
            seen = name != nullptr && name[2] == 'S' ? seen + 1 : 0;
        }
    }
}

void inThreads(int count, const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    std::atomic<int> missing = count; // they begin together
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            --missing;
            while (missing > 0) {
                sleep_for(50us);
            }
            work(i);
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
}

void fail(const char* what) {
    std::printf("failed: %s\n", what);
    std::fflush(stdout);
    std::_Exit(1);
}

std::mutex mutex;

// Locks that the main thread used first get their names when another comes, so that every hold in
// the threads is recorded.

void twoOnAMutex() {
    mutex.lock();
    mutex.unlock();
    inThreads(2, [](int) {
        for (int i = 0; i < 30; ++i) {
            {
                const std::lock_guard hold(mutex);
                sleep_for(500us);
            }
            sleep_for(100us); // so that the other one gets it
        }
    });
}

void readersAndWriters() {
    std::shared_mutex lock;
    lock.lock();
    lock.unlock();
    std::atomic<int> readersInside = 0;
    std::atomic<bool> togetherOnce = false;
    inThreads(4, [&](int index) {
        for (int i = 0; i < 20; ++i) {
            if (index == 0) {
                if (i == 0) {
                    std::printf("writer %d\n", tid());
                }
                const std::unique_lock hold(lock);
                sleep_for(300us);
            } else {
                const std::shared_lock hold(lock);
                if (++readersInside > 1) {
                    togetherOnce = true;
                }
                sleep_for(300us);
                --readersInside;
            }
            sleep_for(200us);
        }
    });
    std::printf("together %d\n", togetherOnce ? 1 : 0);
}

void producerAndConsumer() {
    std::condition_variable filled;
    int items = 0;
    inThreads(2, [&](int index) {
        for (int i = 0; i < 20; ++i) {
            if (index == 0) {
                sleep_for(1ms);
                const std::lock_guard hold(mutex);
                ++items;
                filled.notify_one();
            } else {
                std::unique_lock hold(mutex);
                filled.wait(hold, [&] { return items > 0; });
                --items;
            }
        }
    });
    std::unique_lock hold(mutex);
    if (filled.wait_for(hold, 5ms) != std::cv_status::timeout) {
        fail("a wait for nothing");
    }
}

void threePermits() {
    sem_t permits;
    sem_init(&permits, 0, 3);
    sem_wait(&permits);
    sem_post(&permits);
    inThreads(6, [&](int) {
        for (int i = 0; i < 10; ++i) {
            sem_wait(&permits);
            sleep_for(500us);
            sem_post(&permits);
        }
    });
    sem_destroy(&permits);
}

void recursive() {
    std::recursive_mutex lock;
    lock.lock();
    lock.unlock();
    inThreads(2, [&](int) {
        for (int i = 0; i < 10; ++i) {
            const std::lock_guard outer(lock);
            const std::lock_guard inner(lock);
            const bool again = lock.try_lock();
            sleep_for(500us);
            if (again) {
                lock.unlock();
            }
        }
    });
}

void errorChecking() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_t lock;
    pthread_mutex_init(&lock, &attributes);
    inThreads(2, [&](int index) {
        pthread_mutex_lock(&lock);
        if (pthread_mutex_lock(&lock) != EDEADLK) {
            fail("locked twice");
        }
        sleep_for(2ms);
        pthread_mutex_unlock(&lock);
        if (index == 0) {
            sleep_for(1ms);
            if (pthread_mutex_unlock(&lock) != EPERM) {
                fail("unlocked by another");
            }
        } else {
            pthread_mutex_lock(&lock);
            sleep_for(5ms);
            pthread_mutex_unlock(&lock);
        }
    });
}

void ownerDeath() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_t lock;
    pthread_mutex_init(&lock, &attributes);
    std::atomic<bool> isLocked = false;
    std::atomic<int> waiting = 0;
    inThreads(2, [&](int index) {
        if (index == 0) {
            pthread_mutex_lock(&lock);
            isLocked = true;
            untilAsleep(waiting); // and ends
            return;
        }
        while (!isLocked) {
            sleep_for(100us);
        }
        waiting = tid();
        if (pthread_mutex_lock(&lock) != EOWNERDEAD) {
            fail("the owner lives");
        }
        pthread_mutex_consistent(&lock);
        pthread_mutex_unlock(&lock);
    });
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
}

void timedAndTried() {
    std::timed_mutex lock;
    std::atomic<bool> isLocked = false;
    inThreads(2, [&](int index) {
        if (index == 0) {
            const std::lock_guard hold(lock);
            isLocked = true;
            sleep_for(20ms);
            return;
        }
        while (!isLocked) {
            sleep_for(100us);
        }
        if (lock.try_lock() || lock.try_lock_for(2ms)) {
            fail("it was free");
        }
        if (!lock.try_lock_for(10s)) {
            fail("it is never free");
        }
        lock.unlock();
    });
}

void deadlock() {
    static std::mutex first, second;
    std::atomic<int> inside = 0;
    std::thread other([&] {
        const std::lock_guard hold(first);
        ++inside;
        while (inside < 2) {
            sleep_for(100us);
        }
        const std::lock_guard never(second);
    });
    const std::lock_guard hold(second);
    ++inside;
    while (inside < 2) {
        sleep_for(100us);
    }
    const std::lock_guard never(first);
    other.join();
}

void manyThreads() {
    long sum = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 1000; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 3; ++k) {
                const std::lock_guard hold(mutex);
                ++sum;
                if (k == 0) {
                    std::this_thread::yield();
                }
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::printf("sum %ld\n", sum);
}

void* blockInRead(void* end) {
    char byte;
    const ssize_t got = read(*static_cast<int*>(end), &byte, 1);
    return got < 0 ? nullptr : end;
}

struct ConditionWait {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    std::atomic<bool> wasUnlocked = false;
    std::atomic<bool> waits = false;
};

void unlockAfterCancel(void* data) {
    auto& wait = *static_cast<ConditionWait*>(data);
    wait.wasUnlocked = pthread_mutex_unlock(&wait.mutex) == 0;
}

void* blockInCondition(void* data) {
    auto& wait = *static_cast<ConditionWait*>(data);
    pthread_mutex_lock(&wait.mutex);
    pthread_cleanup_push(unlockAfterCancel, data);
    wait.waits = true;
    while (true) {
        pthread_cond_wait(&wait.cond, &wait.mutex);
    }
    pthread_cleanup_pop(0);
    return nullptr;
}

void* blockInSemaphore(void* semaphore) {
    sem_wait(static_cast<sem_t*>(semaphore));
    return nullptr;
}

void cancelled() {
    int ends[2];
    if (pipe(ends) != 0) {
        fail("no pipe");
    }
    ConditionWait wait;
    sem_t none;
    sem_init(&none, 0, 0);
    pthread_t reader, waiter, taker;
    pthread_create(&reader, nullptr, blockInRead, &ends[0]);
    pthread_create(&waiter, nullptr, blockInCondition, &wait);
    pthread_create(&taker, nullptr, blockInSemaphore, &none);
    while (!wait.waits) {
        sleep_for(100us);
    }
    sleep_for(5ms);
    for (const pthread_t thread : {reader, waiter, taker}) {
        pthread_cancel(thread);
        void* result = nullptr;
        pthread_join(thread, &result);
        if (result != PTHREAD_CANCELED) {
            fail("not cancelled");
        }
    }
    // A cancellation that is pending acts even where the semaphore could be had.
    sem_post(&none);
    pthread_t late;
    pthread_create(
        &late, nullptr,
        [](void* semaphore) -> void* {
            pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
            pthread_cancel(pthread_self());
            pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
            sem_wait(static_cast<sem_t*>(semaphore));
            return nullptr;
        },
        &none);
    void* result = nullptr;
    pthread_join(late, &result);
    int left = 0;
    sem_getvalue(&none, &left);
    if (result != PTHREAD_CANCELED || left != 1) {
        fail("a permit was taken by a cancelled thread");
    }
    if (!wait.wasUnlocked || pthread_mutex_trylock(&wait.mutex) != 0) {
        fail("the mutex is not free");
    }
}

void sharedMemory() {
    void* const memory =
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    auto* const lock = static_cast<pthread_mutex_t*>(memory);
    auto* const childIsThere = reinterpret_cast<std::atomic<int>*>(lock + 1);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(lock, &attributes);
    pthread_mutex_lock(lock);
    const pid_t child = fork();
    if (child == 0) {
        *childIsThere = tid();
        for (int i = 0; i < 3; ++i) {
            pthread_mutex_lock(lock);
            sleep_for(2ms);
            pthread_mutex_unlock(lock);
            sleep_for(1ms);
        }
        std::exit(0);
    }
    untilAsleep(*childIsThere);
    pthread_mutex_unlock(lock);
    int status = 0;
    waitpid(child, &status, 0);
    std::printf("parent %d child %d\n", tid(), child);
    if (status != 0) {
        fail("the child");
    }
}

void forkWhileHeld() {
    std::atomic<bool> stop = false;
    std::thread other([&] {
        while (!stop) {
            const std::lock_guard hold(mutex);
            sleep_for(200us);
        }
    });
    for (int i = 0; i < 5; ++i) {
        mutex.lock(); // so that the child has it
        const pid_t child = fork();
        if (child == 0) {
            std::atomic<int> waiting = 0;
            std::thread waiter([&] {
                waiting = tid();
                const std::lock_guard hold(mutex);
            });
            untilAsleep(waiting);
            mutex.unlock();
            waiter.join();
            std::_Exit(0);
        }
        mutex.unlock();
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0) {
            fail("a child");
        }
    }
    stop = true;
    other.join();
}

sem_t fromHandler;

void signalHandlers() {
    sem_init(&fromHandler, 0, 0);
    struct sigaction action {};
    action.sa_handler = [](int) { sem_post(&fromHandler); };
    sigaction(SIGALRM, &action, nullptr);
    const itimerval timer{{0, 500}, {0, 500}};
    setitimer(ITIMER_REAL, &timer, nullptr);
    int got = 0;
    while (got < 100) {
        if (sem_wait(&fromHandler) == 0) {
            ++got;
        } else if (errno != EINTR) {
            fail("sem_wait");
        }
        const std::lock_guard hold(mutex);
    }
    const itimerval none{};
    setitimer(ITIMER_REAL, &none, nullptr);
    std::printf("got %d\n", got);
}

void barriers() {
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, nullptr, 3);
    inThreads(3, [&](int index) {
        for (int i = 0; i < 5; ++i) {
            sleep_for(index * 1ms);
            pthread_barrier_wait(&barrier);
        }
    });
    pthread_barrier_destroy(&barrier);
}

void spinning() {
    pthread_spinlock_t lock;
    pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
    pthread_spin_lock(&lock);
    pthread_spin_unlock(&lock);
    inThreads(2, [&](int) {
        for (int i = 0; i < 20; ++i) {
            pthread_spin_lock(&lock);
            sleep_for(200us);
            pthread_spin_unlock(&lock);
        }
    });
}

/// Held by a library before the program began, and by a thread that ends.
void held() {
    std::atomic<int> waiting = 0;
    std::thread waiter([&] {
        waiting = tid();
        pthread_mutex_lock(&earlyMutex);
        pthread_mutex_unlock(&earlyMutex);
    });
    untilAsleep(waiting);
    pthread_mutex_unlock(&earlyMutex);
    waiter.join();
    std::thread([] { mutex.lock(); }).join();
    if (mutex.try_lock()) {
        fail("it was released");
    }
    std::_Exit(0);
}

/// One that only one thread uses, one that nobody waits for, one that falls quiet.
void uncontended() {
    std::mutex own, shared, busy;
    for (int i = 0; i < 100; ++i) {
        const std::lock_guard hold(own);
    }
    shared.lock();
    shared.unlock();
    std::thread([&] {
        for (int i = 0; i < 10; ++i) {
            const std::lock_guard hold(shared);
        }
        std::thread([&] { const std::lock_guard hold(busy); }).join();
        for (int i = 0; i < 70'000; ++i) {
            const std::lock_guard hold(busy);
        }
    }).join();
    // Quiet by now; the first hold that is waited for is recorded, from its begin.
    busy.lock();
    std::atomic<int> waiting = 0;
    std::thread waiter([&] {
        waiting = tid();
        const std::lock_guard hold(busy);
    });
    untilAsleep(waiting);
    sleep_for(10ms);
    busy.unlock();
    waiter.join();
}

void calls() {
    int ends[2];
    if (pipe(ends) != 0) {
        fail("no pipe");
    }
    char byte = 0;
    std::thread writer([&] {
        for (int i = 0; i < 5; ++i) {
            sleep_for(5ms);
            if (write(ends[1], "x", 1) != 1) {
                fail("write");
            }
        }
    });
    for (int i = 0; i < 5; ++i) {
        errno = 7;
        if (read(ends[0], &byte, 1) != 1 || errno != 7) {
            fail("read");
        }
    }
    errno = 0;
    if (read(-1, &byte, 1) != -1 || errno != EBADF) {
        fail("errno");
    }
    writer.join();
    const int zero = open("/dev/zero", O_RDONLY);
    for (int i = 0; i < 10'000; ++i) {
        if (read(zero, &byte, 1) != 1) {
            fail("read");
        }
    }
    pollfd nothing{ends[0], POLLIN, 0};
    for (int i = 0; i < 100; ++i) {
        poll(&nothing, 1, 0);
    }
    poll(&nothing, 1, 10);
    poll(nullptr, 0, 10);
    const pid_t child = fork();
    if (child == 0) {
        usleep(10'000);
        std::_Exit(0);
    }
    waitpid(child, nullptr, 0);
    std::printf("fds %d %d %d child %d\n", ends[0], ends[1], zero, child);
}

/// Waits for more conditions than get numbers of their own.
void manyConditions() {
    std::vector<std::condition_variable> conditions(1100);
    std::unique_lock hold(mutex);
    for (auto& condition : conditions) {
        condition.wait_for(hold, 0s);
    }
}

/// Waits for more locks than there are numbers.
void manyLocks() {
    std::vector<std::mutex> locks(33'000);
    constexpr timespec kLongAgo{-1, 0}; // libc gives up without asking the kernel
    for (auto& lock : locks) {
        lock.lock();
    }
    std::thread([&] {
        for (auto& lock : locks) {
            if (pthread_mutex_timedlock(lock.native_handle(), &kLongAgo) != ETIMEDOUT) {
                fail("it was free");
            }
        }
    }).join();
    for (auto& lock : locks) {
        lock.unlock();
    }
}

/// The least of some rounds, in ns.
template <class Work>
void measure(const char* what, int count, Work work) {
    double least = 1e9;
    for (int round = 0; round < 7; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < count; ++i) {
            work();
        }
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - begin;
        least = std::min(least, took.count() / count);
    }
    std::printf("%s\t%.1f\n", what, least);
}

/// What uncontended locks and calls that don't block cost.
void measureAll() {
    static std::mutex own, shared;
    const auto pairOf = [](std::mutex& one) { return [&one] { const std::lock_guard hold(one); }; };
    shared.lock();
    shared.unlock();
    std::thread([&] {
        measure("a mutex of one thread, lock and unlock", 200'000, pairOf(own));
        measure("a shared mutex, lock and unlock", 9'000, pairOf(shared)); // 63 000 in all
        measure("a shared mutex that fell quiet", 200'000, pairOf(shared));
    }).join();
    sem_t permits;
    sem_init(&permits, 0, 1);
    measure("a semaphore, wait and post", 200'000, [&] {
        sem_wait(&permits);
        sem_post(&permits);
    });
    std::shared_mutex readers;
    measure("a read lock, lock and unlock", 200'000, [&] { const std::shared_lock hold(readers); });
    const int zero = open("/dev/zero", O_RDONLY);
    measure("a read that does not block", 100'000, [&] {
        char byte = 0;
        if (read(zero, &byte, 1) != 1) {
            fail("read");
        }
    });
}

const std::map<std::string, void (*)()> programs{
    {"mutex", twoOnAMutex},
    {"rwlock", readersAndWriters},
    {"condition", producerAndConsumer},
    {"semaphore", threePermits},
    {"recursive", recursive},
    {"errorcheck", errorChecking},
    {"robust", ownerDeath},
    {"timed", timedAndTried},
    {"deadlock", deadlock},
    {"threads", manyThreads},
    {"cancel", cancelled},
    {"shared", sharedMemory},
    {"fork", forkWhileHeld},
    {"signals", signalHandlers},
    {"barrier", barriers},
    {"spin", spinning},
    {"held", held},
    {"uncontended", uncontended},
    {"calls", calls},
    {"conditions", manyConditions},
    {"many-locks", manyLocks},
    {"measure", measureAll},
};

} // namespace

int main(int count, char** arguments) {
    for (int i = 1; i < count; ++i) {
        programs.at(arguments[i])();
        std::fflush(stdout);
    }
}
