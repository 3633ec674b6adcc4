// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/gil.h"

#include "engine/python/agent/boot.h"
#include "engine/python/agent/current_task.h"
#include "engine/python/agent/emit.h"
#include "engine/python/agent/process.h"
#include "engine/python/agent/python_module.h"
#include "engine/python/agent/short_lock.h"
#include "engine/python/agent/system_calls.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace interleave::agent {

using record::Acquisition;
using record::EventKind;

/// What CPython has before the first condition; LP64.
struct GilWords {
    unsigned long interval; // µs
    void* lastHolder;
    int locked;
    unsigned long switchNumber;
};
static_assert(sizeof(GilWords) == 32);

/// A recognised GIL. Its fields are protected by CPython's mutex in it; the conditions' addresses
/// are read without.
struct Gil {
    std::atomic<const pthread_cond_t*> isFree = nullptr; // null: the slot is unused
    std::atomic<const pthread_cond_t*> hasHolder = nullptr;
    std::uint32_t object = 0;
    std::uint32_t holder = 0; // tid
    std::uint64_t lastStamp = 0;
    unsigned long interval = 0;
    unsigned long switchNumber = 0; // before the current wait, see gilWaitBegins()
    bool isAsked = false;           // a waiter asked its holder to drop it
    bool isForcedOut = false;       // its last holder had been asked
    bool hasFailed = false;
    bool isTaken = false; // by gils.lock

    const volatile GilWords& words() const {
        return reinterpret_cast<const volatile GilWords*>(
            isFree.load(std::memory_order_relaxed))[-1];
    }
};

namespace {

constexpr std::size_t kMaxGils = 64;
constexpr unsigned long kLongestInterval = 100'000'000;

struct Gils {
    Gil slots[kMaxGils];
    ShortLock lock;                       // interpreters may be made by two threads at once
    std::atomic<std::uint32_t> found = 0; // for their names
    std::atomic<bool> isMissingReported = false;
};
constinit Gils gils;

/// How far the calling thread is in create_gil().
struct Signature {
    const char* mutex = nullptr;
    int step = 0;
};
constinit thread_local Signature signature __attribute__((tls_model("initial-exec")));

/// What the calling thread waits for.
struct Wait {
    Gil* gil = nullptr;
    unsigned long switchNumber = 0; // when the present sleep began
};
constinit thread_local Wait wait __attribute__((tls_model("initial-exec")));

const char* at(const void* address) {
    return static_cast<const char*>(address);
}

std::uint32_t ownTid() {
    if (stream.tid == 0) {
        stream.tid = currentTid();
    }
    return stream.tid;
}

/// Stamps of one GIL never run backwards: a processor may read its clock a little before it has
/// the mutex.
std::uint64_t nextStamp(Gil& gil) {
    gil.lastStamp = std::max(gil.lastStamp, stampNow());
    return gil.lastStamp;
}

void fail(Gil& gil, const char* why) {
    gil.hasFailed = true;
    detail::isGilUseUnknown.store(true, std::memory_order_relaxed);
    if (isRecording()) {
        char sentence[256];
        std::snprintf(sentence, sizeof sentence,
                      "The GIL is not followed any more: %s. What was recorded before is true.",
                      why);
        emit(EventKind::LockFailed, 0, gil.object);
        note(Severity::Warning, "gil-failed", sentence);
    }
}

void noteInterval(Gil& gil) {
    const unsigned long interval = gil.words().interval;
    if (interval == gil.interval) [[likely]] {
        return;
    }
    gil.interval = interval;
    if (isRecording()) {
        char text[64];
        std::snprintf(text, sizeof text, "switch interval %g ms",
                      static_cast<double>(interval) / 1000.0);
        mark(text);
    }
}

void acquired(Gil& gil) {
    if (gil.words().locked != 1) [[unlikely]] {
        return fail(gil, "it was taken, and its memory does not say so");
    }
    if (gil.holder != 0) [[unlikely]] {
        return fail(gil, "it was taken while another thread had it");
    }
    const Acquisition how = wait.gil != &gil  ? Acquisition::Free
                            : gil.isForcedOut ? Acquisition::Forced
                                              : Acquisition::Handoff;
    wait = {};
    detail::gilUse = GilUse::Holds;
    gil.holder = ownTid();
    gil.isAsked = false;
    if (isRecording()) {
        emitAt(nextStamp(gil), EventKind::LockAcquired, 0,
               gil.object | static_cast<std::uint32_t>(how) << 16);
        noteGilWanted(gil.lastStamp);
    }
    noteInterval(gil);
}

void released(Gil& gil) {
    if (gil.words().locked != 0) [[unlikely]] {
        return fail(gil, "it was released, and its memory does not say so");
    }
    if (gil.holder != ownTid()) [[unlikely]] {
        return fail(gil, "it was released by a thread that did not have it");
    }
    gil.holder = 0;
    gil.isForcedOut = gil.isAsked;
    detail::gilUse = GilUse::HasReleased;
    if (isRecording()) {
        emitAt(nextStamp(gil), EventKind::LockReleased, 0,
               gil.object | (gil.isAsked ? 1u << 16 : 0));
        noteGilReleased(gil.lastStamp, gil.isAsked);
    }
}

/// A free slot, or the one of a GIL that is made anew in its place. It is the caller's until it has
/// an address.
Gil* takeSlot(const pthread_cond_t* isFree) {
    Gil* slot = nullptr;
    if (gils.lock.lock()) {
        for (Gil& gil : gils.slots) {
            const bool isSame = gil.isFree.load(std::memory_order_relaxed) == isFree;
            if (isSame || !gil.isTaken) {
                gil.isTaken = true;
                slot = &gil;
                break;
            }
        }
        gils.lock.unlock();
    }
    return slot;
}

/// The four calls have been seen. CPython is about to fill in the rest.
void found(const pthread_cond_t* isFree, const pthread_cond_t* hasHolder, const void* caller) {
    const GilWords words = reinterpret_cast<const GilWords*>(isFree)[-1];
    if (words.interval < 1 || words.interval > kLongestInterval || words.locked < -1 ||
        words.locked > 1) {
        return;
    }
    PythonModule module;
    if (!module.find(caller) || !recordThisProcess()) {
        return;
    }
    onInterpreterFound();
    if (!records(Group::Gil)) {
        return;
    }
    const LayoutCheck check =
        module.checkGil(&reinterpret_cast<const GilWords*>(isFree)[-1].locked);
    char sentence[400];
    if (check == LayoutCheck::Differs) {
        std::snprintf(sentence, sizeof sentence,
                      "GIL track unavailable on this interpreter: Python %.32s in %.200s describes "
                      "its GIL otherwise than it is found.",
                      module.version(), module.path());
        note(Severity::Warning, "gil-unavailable", sentence);
        gils.isMissingReported.store(true, std::memory_order_relaxed);
        return;
    }
    Gil* const slot = takeSlot(isFree);
    if (slot == nullptr) {
        note(Severity::DataLoss, "gil-unavailable",
             "More than 64 interpreters have a GIL of their own: the others' are not recorded.");
        return;
    }
    const std::uint32_t number = gils.found.fetch_add(1, std::memory_order_relaxed) + 1;
    char name[24] = "GIL";
    if (number > 1) {
        std::snprintf(name, sizeof name, "GIL %u", number);
    }
    slot->object = nameObject("gil", name);
    slot->holder = 0;
    slot->lastStamp = 0;
    slot->interval = words.interval;
    slot->isAsked = false;
    slot->isForcedOut = false;
    slot->hasFailed = slot->object == 0;
    slot->hasHolder.store(hasHolder, std::memory_order_relaxed);
    slot->isFree.store(isFree, std::memory_order_release);
    const auto used = static_cast<std::uint32_t>(slot - gils.slots) + 1;
    std::uint32_t count = detail::gilCount.load(std::memory_order_relaxed);
    while (count < used && !detail::gilCount.compare_exchange_weak(count, used)) {
    }
    std::snprintf(sentence, sizeof sentence,
                  "%s of Python %.32s in %.200s: switch interval %g ms, %s.", name,
                  module.version(), module.path(), static_cast<double>(words.interval) / 1000.0,
                  check == LayoutCheck::Agrees ? "as the interpreter's own description says"
                                               : "this version has no description to check it by");
    note(Severity::Info, "gil", sentence);
    if (module.isFreeThreaded()) {
        detail::isGilUseUnknown.store(true, std::memory_order_relaxed);
        note(Severity::Info, "free-threaded",
             module.isGilEnabled() ? "free-threaded: GIL on" : "free-threaded: GIL off");
    }
}

void inForkedChild() {
    for (Gil& gil : gils.slots) {
        gil.isFree.store(nullptr, std::memory_order_relaxed);
        gil.hasHolder.store(nullptr, std::memory_order_relaxed);
        gil.isTaken = false;
    }
    gils.lock.reset();
    detail::gilCount.store(0, std::memory_order_relaxed);
    gils.found.store(0, std::memory_order_relaxed);
    gils.isMissingReported.store(false, std::memory_order_relaxed);
    signature = {};
    wait = {};
}

[[gnu::constructor]] void constructor() {
    callInForkedChild(inForkedChild);
}

} // namespace

namespace detail {

constinit std::atomic<std::uint32_t> gilCount = 0;
constinit std::atomic<bool> isGilUseUnknown = false;
constinit thread_local GilUse gilUse = GilUse::None;

Gil* findGil(const pthread_cond_t* cond) {
    const std::uint32_t count = gilCount.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < count; ++i) {
        Gil& gil = gils.slots[i];
        if (cond == gil.isFree.load(std::memory_order_relaxed) ||
            cond == gil.hasHolder.load(std::memory_order_relaxed)) {
            return &gil;
        }
    }
    return nullptr;
}

} // namespace detail

void gilMutexMade(const pthread_mutex_t* mutex) {
    constexpr std::size_t toSecond = sizeof(pthread_mutex_t) + sizeof(pthread_cond_t);
    if (signature.step == 1 && at(mutex) == signature.mutex + toSecond) {
        signature.step = 2;
    } else {
        signature = {at(mutex), 1};
    }
}

void gilConditionMade(const pthread_cond_t* cond, const void* caller) {
    const char* const isFree = signature.mutex - sizeof(pthread_cond_t);
    const char* const hasHolder = signature.mutex + sizeof(pthread_mutex_t);
    if (signature.step == 2 && at(cond) == isFree) {
        signature.step = 3;
        return;
    }
    const bool isComplete = signature.step == 3 && at(cond) == hasHolder;
    signature.step = 0;
    if (isComplete) {
        found(reinterpret_cast<const pthread_cond_t*>(isFree), cond, caller);
    }
}

void gilConditionDestroyed(const pthread_cond_t* cond) {
    if (Gil* const gil = gilOf(cond)) {
        gil->isFree.store(nullptr, std::memory_order_relaxed);
        gil->hasHolder.store(nullptr, std::memory_order_relaxed);
        if (gils.lock.lock()) {
            gil->isTaken = false;
            gils.lock.unlock();
        }
    }
}

void gilSignalled(Gil& gil, const pthread_cond_t* cond) {
    if (gil.hasFailed) {
        return;
    }
    if (cond == gil.hasHolder.load(std::memory_order_relaxed)) {
        acquired(gil);
    } else {
        released(gil);
    }
}

void gilWaitBegins(Gil& gil, const pthread_cond_t* cond) {
    if (gil.hasFailed || cond != gil.isFree.load(std::memory_order_relaxed)) {
        return;
    }
    wait.switchNumber = gil.words().switchNumber;
    if (wait.gil != &gil) {
        wait.gil = &gil;
        if (isRecording()) {
            emitAt(nextStamp(gil), EventKind::LockWaited, gil.holder, gil.object);
            noteGilWanted(gil.lastStamp);
        }
    }
}

void gilWaitEnded(Gil& gil, const pthread_cond_t* cond, int result) {
    if (result != ETIMEDOUT || gil.hasFailed ||
        cond != gil.isFree.load(std::memory_order_relaxed)) {
        return;
    }
    const volatile GilWords& words = gil.words();
    if (words.locked != 1 || words.switchNumber != wait.switchNumber) {
        return;
    }
    gil.isAsked = true;
    if (isRecording()) {
        emitAt(nextStamp(gil), EventKind::LockDropRequested, 0, gil.object);
    }
}

void reportMissingGil() {
    if (detail::gilCount.load(std::memory_order_relaxed) != 0 || !records(Group::Gil) ||
        gils.isMissingReported.load(std::memory_order_relaxed)) {
        return;
    }
    PythonModule module;
    if (!module.findLinked() || !module.isInitialized() ||
        gils.isMissingReported.exchange(true, std::memory_order_relaxed)) {
        return;
    }
    char sentence[128];
    std::snprintf(sentence, sizeof sentence,
                  "GIL track unavailable on this interpreter: Python %.32s.", module.version());
    note(Severity::Warning, "gil-unavailable", sentence);
}

void reportOldPython() {
    PythonModule module;
    if (!records(Group::Gil) || !module.findLinked() || !module.isBefore(3, 7) ||
        gils.isMissingReported.exchange(true, std::memory_order_relaxed)) {
        return;
    }
    char sentence[128];
    std::snprintf(sentence, sizeof sentence,
                  "GIL track unavailable on this interpreter: Python %.32s.", module.version());
    note(Severity::Warning, "gil-unavailable", sentence);
}

} // namespace interleave::agent
