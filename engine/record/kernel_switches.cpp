// SPDX-License-Identifier: GPL-3.0-or-later
// Source: perf_event_open(2); include/uapi/linux/perf_event.h, the layout of the records.
#include "engine/record/kernel_switches.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <utility>

namespace interleave::record {

namespace {

constexpr std::size_t kLargestRing = std::size_t{1} << 20; // 16 000 switches
constexpr std::size_t kSmallestRing = std::size_t{16} << 10;
constexpr std::size_t kMostRingMemory = std::size_t{64} << 20;

perf_event_attr attributes(std::size_t ringBytes) {
    perf_event_attr attr{};
    attr.size = sizeof attr;
    attr.type = PERF_TYPE_SOFTWARE;
    attr.config = PERF_COUNT_SW_DUMMY;
    attr.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU;
    attr.sample_id_all = 1;
    attr.context_switch = 1;
    attr.task = 1; // ends of threads, which leave no switch, and new processes
    attr.inherit = 1;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    attr.use_clockid = 1;
    attr.clockid = CLOCK_MONOTONIC;
    attr.watermark = 1;
    attr.wakeup_watermark = static_cast<__u32>(ringBytes / 4);
    return attr;
}

int openEvent(perf_event_attr attr, pid_t thread, int core) {
    return static_cast<int>(
        syscall(SYS_perf_event_open, &attr, thread, core, -1, PERF_FLAG_FD_CLOEXEC));
}

/// Fields at the end of every record, as sample_type orders them.
struct SampleId {
    std::uint32_t pid, tid;
    std::uint64_t timeNs;
    std::uint32_t core, reserved;
};

/// After the header of PERF_RECORD_FORK and PERF_RECORD_EXIT.
struct TaskRecord {
    std::uint32_t pid, parentPid, tid, parentTid;
    std::uint64_t timeNs;
};

struct LostRecord {
    std::uint64_t eventId, lost;
};

template <class T>
T readAs(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

std::size_t pageBytes() {
    return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

} // namespace

std::expected<KernelSwitches, KernelSwitches::Refusal> KernelSwitches::open(pid_t process) {
    const auto cores = static_cast<std::size_t>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
    std::size_t bytes = kLargestRing;
    while (bytes > kSmallestRing && bytes * cores > kMostRingMemory) {
        bytes /= 2;
    }
    // An unprivileged user may lock only so much memory for rings (kernel.perf_event_mlock_kb), and
    // other programs of the same user share the allowance: take what there is.
    for (;;) {
        KernelSwitches switches;
        const auto opened = switches.openRings(bytes, process);
        if (opened) {
            if (process == 0) {
                switches.followOtherThreads();
            }
            return switches;
        }
        if (opened.error().operation != "mmap" || bytes <= kSmallestRing) {
            return std::unexpected(opened.error());
        }
        bytes /= 2;
    }
}

std::expected<void, KernelSwitches::Refusal> KernelSwitches::openRings(std::size_t ringBytes,
                                                                       pid_t process) {
    m_ringBytes = ringBytes;
    const perf_event_attr attr = attributes(ringBytes);
    const long configured = std::max(1L, sysconf(_SC_NPROCESSORS_CONF));
    for (int core = 0; core < configured; ++core) {
        const int fd = openEvent(attr, process, core);
        if (fd < 0 && (errno == ENODEV || errno == ENXIO)) {
            continue; // the core is switched off
        }
        if (fd < 0) {
            return std::unexpected(Refusal{errno, "perf_event_open"});
        }
        m_rings.push_back({core, fd, nullptr});
        void* base =
            mmap(nullptr, pageBytes() + ringBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (base == MAP_FAILED) {
            return std::unexpected(Refusal{errno, "mmap"});
        }
        m_rings.back().base = static_cast<std::byte*>(base);
        m_polled.push_back({fd, POLLIN, 0});
    }
    if (m_rings.empty()) {
        return std::unexpected(Refusal{ENODEV, "perf_event_open"});
    }
    return {};
}

/// Threads that exist already are not descendants of the caller, so each needs events of its own;
/// they write into the same rings.
void KernelSwitches::followOtherThreads() {
    DIR* tasks = opendir("/proc/self/task");
    if (tasks == nullptr) {
        return;
    }
    const perf_event_attr attr = attributes(m_ringBytes);
    while (const dirent* entry = readdir(tasks)) {
        const pid_t thread = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
        if (thread <= 0 || thread == gettid()) {
            continue;
        }
        bool isFollowed = true;
        for (const Ring& ring : m_rings) {
            const int fd = openEvent(attr, thread, ring.core);
            if (fd < 0) {
                isFollowed = isFollowed && errno == ESRCH; // it has just ended
                break;
            }
            if (ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring.fd) != 0) {
                close(fd);
                isFollowed = false;
                break;
            }
            m_otherDescriptors.push_back(fd);
        }
        m_missedThreads += isFollowed ? 0 : 1;
    }
    closedir(tasks);
}

KernelSwitches::KernelSwitches(KernelSwitches&& other) noexcept
    : m_rings(std::exchange(other.m_rings, {}))
    , m_otherDescriptors(std::exchange(other.m_otherDescriptors, {}))
    , m_polled(std::exchange(other.m_polled, {}))
    , m_pending(std::exchange(other.m_pending, {}))
    , m_ringBytes(other.m_ringBytes)
    , m_missedThreads(other.m_missedThreads)
    , m_wasNearlyFull(other.m_wasNearlyFull) {}

KernelSwitches::~KernelSwitches() {
    closeAll();
}

void KernelSwitches::closeAll() {
    for (const int fd : m_otherDescriptors) {
        close(fd);
    }
    for (const Ring& ring : m_rings) {
        if (ring.base != nullptr) {
            munmap(ring.base, pageBytes() + m_ringBytes);
        }
        close(ring.fd);
    }
    m_rings.clear();
    m_otherDescriptors.clear();
}

void KernelSwitches::abandon() {
    // The kernel does not hand rings on to a forked child: there is nothing at these addresses.
    for (Ring& ring : m_rings) {
        ring.base = nullptr;
    }
    closeAll();
}

std::vector<int> KernelSwitches::cores() const {
    std::vector<int> cores;
    for (const Ring& ring : m_rings) {
        cores.push_back(ring.core);
    }
    return cores;
}

void KernelSwitches::drain(std::int64_t horizonNs, std::vector<KernelRecord>& records) {
    for (const Ring& ring : m_rings) {
        drainRing(ring);
    }
    std::stable_sort(
        m_pending.begin(), m_pending.end(),
        [](const KernelRecord& a, const KernelRecord& b) { return a.timeNs < b.timeNs; });
    const auto young = std::find_if(m_pending.begin(), m_pending.end(),
                                    [&](const auto& record) { return record.timeNs >= horizonNs; });
    records.insert(records.end(), m_pending.begin(), young);
    m_pending.erase(m_pending.begin(), young);
}

void KernelSwitches::drainRing(const Ring& ring) {
    auto& control = *reinterpret_cast<perf_event_mmap_page*>(ring.base);
    const std::byte* data = ring.base + pageBytes();
    const std::size_t mask = m_ringBytes - 1;
    // Pairs with the kernel's store of data_head after it has written the records, and of ours to
    // data_tail with its test for space.
    const std::uint64_t head = std::atomic_ref(control.data_head).load(std::memory_order_acquire);
    std::uint64_t tail = control.data_tail;
    m_wasNearlyFull = m_wasNearlyFull || head - tail > m_ringBytes - m_ringBytes / 8;
    alignas(8) std::byte record[256];
    while (tail + sizeof(perf_event_header) <= head) {
        const auto header = readAs<perf_event_header>(data + (tail & mask));
        if (header.size < sizeof header || tail + header.size > head) {
            tail = head; // can't be; better to lose a ring's contents than to read on from nowhere
            break;
        }
        const std::size_t bytes = std::min<std::size_t>(header.size, sizeof record);
        const std::size_t first = std::min(bytes, m_ringBytes - (tail & mask));
        std::memcpy(record, data + (tail & mask), first);
        std::memcpy(record + first, data, bytes - first);
        if (bytes == header.size) {
            parse(record, bytes, ring.core);
        }
        tail += header.size;
    }
    std::atomic_ref(control.data_tail).store(tail, std::memory_order_release);
}

void KernelSwitches::parse(const std::byte* record, std::size_t bytes, int core) {
    const auto header = readAs<perf_event_header>(record);
    if (bytes < sizeof header + sizeof(SampleId)) {
        return;
    }
    const auto sample = readAs<SampleId>(record + bytes - sizeof(SampleId));
    const std::byte* body = record + sizeof header;
    const std::size_t bodyBytes = bytes - sizeof header - sizeof(SampleId);
    KernelRecord result;
    result.timeNs = static_cast<std::int64_t>(sample.timeNs);
    result.core = static_cast<std::uint16_t>(core);
    result.id = sample.tid;
    using Kind = KernelRecord::Kind;
    if (header.type == PERF_RECORD_SWITCH) {
        result.kind = (header.misc & PERF_RECORD_MISC_SWITCH_OUT) == 0           ? Kind::In
                      : (header.misc & PERF_RECORD_MISC_SWITCH_OUT_PREEMPT) != 0 ? Kind::Preempted
                                                                                 : Kind::Out;
    } else if (header.type == PERF_RECORD_EXIT && bodyBytes >= sizeof(TaskRecord)) {
        result.kind = Kind::Ended;
        result.id = readAs<TaskRecord>(body).tid;
    } else if (header.type == PERF_RECORD_FORK && bodyBytes >= sizeof(TaskRecord)) {
        const auto task = readAs<TaskRecord>(body);
        if (task.pid == task.parentPid) {
            return; // a thread: its first switch tells
        }
        result.kind = Kind::Forked;
        result.id = task.pid;
    } else if (header.type == PERF_RECORD_LOST && bodyBytes >= sizeof(LostRecord)) {
        result.kind = Kind::Lost;
        result.id = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(readAs<LostRecord>(body).lost, UINT32_MAX));
    } else {
        return;
    }
    m_pending.push_back(result);
}

} // namespace interleave::record
