// SPDX-License-Identifier: GPL-3.0-or-later
// The block: a header, one record per task, one per object, then the slots of the objects (who
// holds a permit, what lies in a queue). Offsets, no pointers: every process maps it elsewhere.
//
// Why no wake-up is lost: a waiter notes itself in `waiters` and reads the futex word with the
// guard held; whoever makes the object passable does so with the guard held and, if there are
// waiters, changes the word before it wakes. So a waiter either sees the object passable, or sleeps
// on a value that the next release changes. cancelAll() sets its flag before it changes the words,
// and waiters test the flag after they have read the word.
#include "engine/models/sync/shared_objects.h"

#include "engine/base/check.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <utility>

namespace interleave::models {

using scenario::Action;
using scenario::ObjectKind;

namespace {

// The status word of a task: its phase, and above it what a sleeper on the word relies on.
constexpr std::uint32_t kPhaseMask = 0x3;
constexpr std::uint32_t kIsAwaited = 0x4;   // somebody sleeps until the task ends
constexpr std::uint32_t kIsCancelled = 0x8; // changes the word so that no sleeper misses cancelAll

constexpr std::size_t roundUp(std::size_t bytes, std::size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

bool isOver(const Passage& passage) {
    return passage.deadlineNs != 0 && monotonicNow() >= passage.deadlineNs;
}

} // namespace

struct SharedObjects::Header {
    FutexWord cancelled{0};
    std::atomic<std::uint32_t> nextItem{1};
};

struct SharedObjects::TaskRecord {
    FutexWord status{0};
    std::atomic<std::uint32_t> waitsFor{0}; // index of the action it waits in, plus 1; 0: none
    std::atomic<std::uint32_t> version{0};
    std::atomic<std::uint32_t> coveredBy{0};
    std::atomic<std::int64_t> endedNs{0};
    std::atomic<std::uint32_t> barrierRound{0}; // the round whose end it waits for
};

struct alignas(64) SharedObjects::ObjectRecord {
    pthread_mutex_t guard; // robust, process-shared; never held while sleeping
    FutexWord passable{0}; // changes when a waiter may pass: released, put into, round over
    FutexWord places{0};   // queues: changes when something was taken out
    std::uint32_t waiters = 0;
    std::uint32_t putters = 0; // waiters of a full queue
    ObjectKind kind = ObjectKind::Lock;
    std::uint32_t capacity = 1;
    std::uint32_t level = 0; // lock, semaphore: permits left; barrier: arrived; queue: items
    std::uint32_t round = 0; // barrier: rounds that are over
    std::uint32_t head = 0;  // queue: index of the oldest item
    std::uint32_t slotsAt = 0;
    TaskId lastActor;       // who made it passable last
    Nanoseconds lastNs = 0; // and when

    /// Remembers who lets the waiters go on, and when.
    void noteActor(TaskId task) {
        lastActor = task;
        lastNs = monotonicNow();
    }
};

namespace {

class Guard {
public:
    explicit Guard(pthread_mutex_t& mutex)
        : m_mutex(mutex) {
        // The last owner was killed inside one of the short sections below. abandon() puts right
        // what its task held; the fields themselves are changed one word at a time.
        if (pthread_mutex_lock(&m_mutex) == EOWNERDEAD) {
            pthread_mutex_consistent(&m_mutex);
        }
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() { unlock(); }
    void unlock() {
        if (std::exchange(m_isHeld, false)) {
            pthread_mutex_unlock(&m_mutex);
        }
    }

private:
    pthread_mutex_t& m_mutex;
    bool m_isHeld = true;
};

} // namespace

SharedObjects::SharedObjects(int fd, const scenario::Program& program, std::size_t bytes)
    : m_fd(fd)
    , m_bytes(bytes)
    , m_program(&program) {}

SharedObjects::SharedObjects(SharedObjects&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_block(std::exchange(other.m_block, nullptr))
    , m_bytes(other.m_bytes)
    , m_program(other.m_program) {}

SharedObjects& SharedObjects::operator=(SharedObjects&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    std::swap(m_block, other.m_block);
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_program, other.m_program);
    return *this;
}

SharedObjects::~SharedObjects() {
    if (m_block != nullptr) {
        munmap(m_block, m_bytes);
    }
    if (m_fd >= 0) {
        close(m_fd);
    }
}

std::size_t SharedObjects::blockBytes(const scenario::Program& program) {
    std::size_t slots = 0;
    for (const auto& object : program.objects) {
        slots += object.capacity;
    }
    return roundUp(sizeof(Header), 64) + roundUp(program.tasks.size() * sizeof(TaskRecord), 64) +
           program.objects.size() * sizeof(ObjectRecord) + slots * sizeof(std::uint32_t);
}

Result<SharedObjects> SharedObjects::create(const scenario::Program& program) {
    const std::size_t bytes = blockBytes(program);
    const int fd = memfd_create("interleave-objects", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, static_cast<off_t>(bytes)) != 0) {
        const std::string reason = std::strerror(errno);
        if (fd >= 0) {
            close(fd);
        }
        return fail(fmt::format("The run needs {} bytes of shared memory for its locks and tasks, "
                                "and the system refuses them: {}.",
                                bytes, reason),
                    ErrorKind::MissingPart);
    }
    SharedObjects objects(fd, program, bytes);
    if (auto mapped = objects.map(); !mapped) {
        return std::unexpected(mapped.error());
    }
    objects.initialise();
    return objects;
}

Result<SharedObjects> SharedObjects::attach(int fd, const scenario::Program& program) {
    SharedObjects objects(fd, program, blockBytes(program));
    if (auto mapped = objects.map(); !mapped) {
        return std::unexpected(mapped.error());
    }
    return objects;
}

Result<void> SharedObjects::map() {
    void* block = mmap(nullptr, m_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m_fd, 0);
    if (block == MAP_FAILED) {
        return fail(fmt::format("The {} bytes of shared memory of the run can't be mapped: {}.",
                                m_bytes, std::strerror(errno)),
                    ErrorKind::MissingPart);
    }
    m_block = static_cast<std::byte*>(block);
    return {};
}

void SharedObjects::initialise() {
    new (m_block) Header;
    for (std::uint32_t i = 0; i < m_program->tasks.size(); ++i) {
        new (&record(TaskId{i + 1})) TaskRecord;
    }
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    std::uint32_t slotsAt = 0;
    for (const auto& object : m_program->objects) {
        auto* made = new (&record(object.id)) ObjectRecord;
        pthread_mutex_init(&made->guard, &attributes);
        made->kind = object.kind;
        made->capacity = object.capacity;
        const bool hasPermits =
            object.kind == ObjectKind::Lock || object.kind == ObjectKind::Semaphore;
        made->level = hasPermits ? object.capacity : 0;
        made->slotsAt = slotsAt;
        slotsAt += object.capacity;
    }
    pthread_mutexattr_destroy(&attributes);
}

SharedObjects::TaskRecord& SharedObjects::record(TaskId task) const {
    std::byte* at = m_block + roundUp(sizeof(Header), 64);
    return reinterpret_cast<TaskRecord*>(at)[task.value - 1];
}

SharedObjects::ObjectRecord& SharedObjects::record(ObjectId object) const {
    std::byte* at = m_block + roundUp(sizeof(Header), 64) +
                    roundUp(m_program->tasks.size() * sizeof(TaskRecord), 64);
    return reinterpret_cast<ObjectRecord*>(at)[object.value - 1];
}

std::uint32_t* SharedObjects::slots(const ObjectRecord& object) const {
    std::byte* at = m_block + roundUp(sizeof(Header), 64) +
                    roundUp(m_program->tasks.size() * sizeof(TaskRecord), 64) +
                    m_program->objects.size() * sizeof(ObjectRecord);
    return reinterpret_cast<std::uint32_t*>(at) + object.slotsAt;
}

// --- passing ---------------------------------------------------------------------------------

bool SharedObjects::enter(TaskId task, const Action& action, Passage& passage) {
    if (action.kind == Action::Kind::Await) {
        return enterAwait(task, action);
    }
    ObjectRecord& object = record(action.object);
    Guard guard(object.guard);
    TaskRecord& waiter = record(task);
    waiter.barrierRound.store(object.round, std::memory_order_relaxed);
    if (pass(waiter, task, action, passage)) {
        return true;
    }
    ++(action.kind == Action::Kind::Put ? object.putters : object.waiters);
    beginWait(task, action);
    return false;
}

bool SharedObjects::pass(TaskRecord& waiter, TaskId task, const Action& action, Passage& passage) {
    ObjectRecord& object = record(action.object);
    switch (action.kind) {
    case Action::Kind::Acquire:
        return passLock(object, task);
    case Action::Kind::Barrier:
        return passBarrier(object, waiter, task, passage);
    case Action::Kind::Put:
        return passPut(object, task, passage);
    case Action::Kind::Get:
        return passGet(object, task, passage);
    default:
        CHECK(false && "an action without an object");
        return false;
    }
}

bool SharedObjects::passLock(ObjectRecord& object, TaskId task) {
    if (object.level == 0) {
        return false;
    }
    std::uint32_t* holders = slots(object);
    // Permits that were released without having been acquired find no slot: their holder is
    // unknown then, which only matters to abandon().
    std::uint32_t* const end = holders + object.capacity;
    if (std::uint32_t* const slot = std::find(holders, end, 0U); slot != end) {
        *slot = task.value;
    }
    --object.level;
    return true;
}

bool SharedObjects::passBarrier(ObjectRecord& object, TaskRecord& waiter, TaskId task,
                                Passage& passage) {
    if (waiter.waitsFor.load(std::memory_order_relaxed) != 0) {
        return object.round != waiter.barrierRound.load(std::memory_order_relaxed);
    }
    if (++object.level < object.capacity) {
        return false;
    }
    object.level = 0;
    ++object.round;
    passage.waker = task;
    if (object.waiters > 0) {
        object.noteActor(task);
        object.passable.fetch_add(1);
        futexWake(object.passable, INT_MAX);
    }
    return true;
}

bool SharedObjects::passPut(ObjectRecord& object, TaskId task, Passage& passage) {
    if (object.level == object.capacity) {
        return false;
    }
    auto& header = *reinterpret_cast<Header*>(m_block);
    passage.item = header.nextItem.fetch_add(1, std::memory_order_relaxed);
    slots(object)[(object.head + object.level) % object.capacity] = passage.item;
    ++object.level;
    if (object.waiters > 0) {
        object.noteActor(task);
        object.passable.fetch_add(1);
        futexWake(object.passable, 1);
    }
    return true;
}

bool SharedObjects::passGet(ObjectRecord& object, TaskId task, Passage& passage) {
    if (object.level == 0) {
        return false;
    }
    passage.item = slots(object)[object.head];
    object.head = (object.head + 1) % object.capacity;
    --object.level;
    if (object.putters > 0) {
        object.noteActor(task);
        object.places.fetch_add(1);
        futexWake(object.places, 1);
    }
    return true;
}

void SharedObjects::wait(TaskId task, const Action& action, Passage& passage) {
    if (action.kind == Action::Kind::Await) {
        waitForTasks(task, action, passage);
    } else {
        waitForObject(task, action, passage);
    }
    endWait(task);
}

void SharedObjects::waitForObject(TaskId task, const Action& action, Passage& passage) {
    const bool isPut = action.kind == Action::Kind::Put;
    ObjectRecord& object = record(action.object);
    const FutexWord& word = isPut ? object.places : object.passable;
    while (true) {
        Guard guard(object.guard);
        const bool hasPassed = pass(record(task), task, action, passage);
        if (hasPassed || isCancelled() || isOver(passage)) {
            if (!hasPassed && action.kind == Action::Kind::Barrier) {
                --object.level; // it is not there any more
            }
            --(isPut ? object.putters : object.waiters);
            passage.isCancelled = !hasPassed;
            passage.how = record::Acquisition::Handoff;
            passage.waker = object.lastActor;
            passage.readySinceNs = object.lastNs;
            return;
        }
        const std::uint32_t seen = word.load();
        guard.unlock();
        if (!isCancelled()) {
            futexWait(word, seen, passage.deadlineNs);
        }
    }
}

void SharedObjects::release(TaskId task, ObjectId id) {
    ObjectRecord& object = record(id);
    Guard guard(object.guard);
    std::uint32_t* holders = slots(object);
    std::uint32_t* const end = holders + object.capacity;
    if (std::uint32_t* const slot = std::find(holders, end, task.value); slot != end) {
        *slot = 0;
    }
    ++object.level;
    if (object.waiters > 0) {
        object.noteActor(task);
        object.passable.fetch_add(1);
        guard.unlock();
        futexWake(object.passable, 1);
    }
}

void SharedObjects::abandon(TaskId task) {
    endWait(task);
    for (const auto& declared : m_program->objects) {
        if (declared.kind != ObjectKind::Lock && declared.kind != ObjectKind::Semaphore) {
            continue;
        }
        ObjectRecord& object = record(declared.id);
        Guard guard(object.guard);
        std::uint32_t* holders = slots(object);
        std::uint32_t* const end = holders + object.capacity;
        for (std::uint32_t* slot = holders; slot != end; ++slot) {
            if (*slot == task.value) {
                *slot = 0;
                ++object.level;
                object.noteActor(task);
            }
        }
        if (declared.kind == ObjectKind::Lock) {
            object.level = holders[0] == 0 ? 1 : 0; // right even if it died in the middle
        }
        // All, not one: the wake-up that the dead waiter may have swallowed is made up for.
        object.passable.fetch_add(1);
        futexWake(object.passable, INT_MAX);
    }
}

// --- tasks -----------------------------------------------------------------------------------

bool SharedObjects::enterAwait(TaskId task, const Action& action) {
    const bool allEnded = std::ranges::all_of(
        action.tasks, [&](TaskId awaited) { return phase(awaited) == TaskPhase::Ended; });
    if (!allEnded) {
        beginWait(task, action);
    }
    return allEnded;
}

void SharedObjects::waitForTasks(TaskId, const Action& action, Passage& passage) {
    for (const TaskId awaited : action.tasks) {
        TaskRecord& other = record(awaited);
        std::uint32_t seen = other.status.load();
        while ((seen & kPhaseMask) != static_cast<std::uint32_t>(TaskPhase::Ended)) {
            if (isCancelled() || isOver(passage)) {
                passage.isCancelled = true;
                return;
            }
            if ((seen & kIsAwaited) == 0) {
                if (!other.status.compare_exchange_weak(seen, seen | kIsAwaited)) {
                    continue;
                }
                seen |= kIsAwaited;
            }
            if (!isCancelled()) {
                futexWait(other.status, seen, passage.deadlineNs);
            }
            seen = other.status.load();
        }
        if (const Nanoseconds endedNs = other.endedNs.load(); endedNs >= passage.readySinceNs) {
            passage.readySinceNs = endedNs;
            passage.waker = awaited;
        }
    }
    // The awaited tasks may have ended only because the run did.
    passage.isCancelled = isCancelled();
}

void SharedObjects::setPhase(TaskId task, TaskPhase phase) {
    // One step, so that nobody sees another phase in between; the flags stay.
    FutexWord& status = record(task).status;
    std::uint32_t seen = status.load();
    while (!status.compare_exchange_weak(seen, (seen & ~kPhaseMask) |
                                                   static_cast<std::uint32_t>(phase))) {
    }
}

void SharedObjects::markSubmitted(TaskId task) {
    setPhase(task, TaskPhase::Submitted);
}

void SharedObjects::markStarted(TaskId task) {
    setPhase(task, TaskPhase::Started);
}

void SharedObjects::markEnded(TaskId task) {
    TaskRecord& its = record(task);
    its.endedNs.store(monotonicNow());
    const std::uint32_t before =
        its.status.fetch_or(static_cast<std::uint32_t>(TaskPhase::Ended)); // all bits of the mask
    if ((before & kIsAwaited) != 0) {
        futexWake(its.status, INT_MAX);
    }
}

TaskPhase SharedObjects::phase(TaskId task) const {
    return static_cast<TaskPhase>(record(task).status.load() & kPhaseMask);
}

void SharedObjects::markCovered(TaskId task, TaskId by) {
    TaskRecord& its = record(task);
    its.coveredBy.store(by.value);
    its.version.fetch_add(1);
}

void SharedObjects::beginWait(TaskId task, const Action& action) {
    TaskRecord& its = record(task);
    const auto index = &action - m_program->task(task).actions.data();
    its.version.fetch_add(1);
    its.waitsFor.store(static_cast<std::uint32_t>(index) + 1);
}

void SharedObjects::endWait(TaskId task) {
    TaskRecord& its = record(task);
    its.waitsFor.store(0);
    its.version.fetch_add(1);
}

// --- stopping --------------------------------------------------------------------------------

void SharedObjects::cancelAll() {
    auto& header = *reinterpret_cast<Header*>(m_block);
    header.cancelled.store(1);
    futexWake(header.cancelled, INT_MAX);
    for (const auto& declared : m_program->objects) {
        ObjectRecord& object = record(declared.id);
        for (FutexWord* word : {&object.passable, &object.places}) {
            word->fetch_add(1);
            futexWake(*word, INT_MAX);
        }
    }
    for (std::uint32_t i = 0; i < m_program->tasks.size(); ++i) {
        TaskRecord& its = record(TaskId{i + 1});
        if ((its.status.fetch_or(kIsCancelled) & kIsAwaited) != 0) {
            futexWake(its.status, INT_MAX);
        }
    }
}

bool SharedObjects::isCancelled() const {
    return reinterpret_cast<const Header*>(m_block)->cancelled.load(std::memory_order_acquire) != 0;
}

bool SharedObjects::sleepUntil(Nanoseconds untilNs) const {
    const FutexWord& cancelled = reinterpret_cast<const Header*>(m_block)->cancelled;
    while (cancelled.load(std::memory_order_acquire) == 0) {
        if (untilNs <= monotonicNow()) {
            return true;
        }
        futexWait(cancelled, 0, untilNs);
    }
    return false;
}

// --- for the deadlock watch -------------------------------------------------------------------

SharedObjects::TaskLook SharedObjects::look(TaskId task) const {
    const TaskRecord& its = record(task);
    TaskLook look;
    look.phase = phase(task);
    look.version = its.version.load();
    if (look.phase != TaskPhase::Started) {
        return look;
    }
    if (const std::uint32_t waitsFor = its.waitsFor.load(); waitsFor != 0) {
        const Action& action = m_program->task(task).actions[waitsFor - 1];
        if (action.kind == Action::Kind::Await) {
            lookAtAwait(action, look);
        } else {
            lookAtObject(its, action, look);
        }
    }
    if (const TaskId cover{its.coveredBy.load()}) {
        look.blockers.push_back(cover);
        look.isCovered = true;
    }
    return look;
}

void SharedObjects::lookAtAwait(const Action& action, TaskLook& look) const {
    for (const TaskId awaited : action.tasks) {
        if (phase(awaited) != TaskPhase::Ended) {
            look.blockers.push_back(awaited);
            look.waitsFor = &action;
        }
    }
}

void SharedObjects::lookAtObject(const TaskRecord& waiter, const Action& action,
                                 TaskLook& look) const {
    ObjectRecord& object = record(action.object);
    Guard guard(object.guard);
    const bool isStuck = action.kind == Action::Kind::Put ? object.level == object.capacity
                         : action.kind == Action::Kind::Barrier
                             ? object.round == waiter.barrierRound.load()
                             : object.level == 0;
    if (!isStuck) {
        return;
    }
    look.waitsFor = &action;
    look.level = object.level;
    if (object.kind == ObjectKind::Lock && *slots(object) != 0) {
        look.blockers.push_back(TaskId{*slots(object)});
    }
}

} // namespace interleave::models
