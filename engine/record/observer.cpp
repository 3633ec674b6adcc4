// SPDX-License-Identifier: GPL-3.0-or-later
// One thread does all the housekeeping of a session: kernel records or samples, memory, load,
// populated memory, clock anchors. A duty that turns out to be expensive (thousands of threads) is
// done less often, so that the thread never takes more than some per cent of a core.
#include "engine/record/observer.h"

#include "engine/record/core_load.h"
#include "engine/record/kernel_switches.h"
#include "engine/record/memory_sampler.h"
#include "engine/record/process_tree.h"
#include "engine/record/segment.h"
#include "engine/record/switch_stream.h"
#include "engine/record/thread_sampler.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace interleave::record {

namespace {

constexpr std::int64_t kTreePeriodNs = 1'000'000'000; // the kernel tells of new processes anyway

/// How many times as long as it took a duty rests at least: with thousands of threads or processes
/// it comes less often, and never takes more than a share of a core.
constexpr std::int64_t kSamplerRest = 20;
constexpr std::int64_t kOtherRest = 200;

/// CPU time of the calling thread, ns.
std::int64_t ownCpuTime() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::int64_t nsOf(std::chrono::milliseconds period) {
    return std::chrono::nanoseconds(period).count();
}

/// Something that is to be done every so often.
class Duty {
public:
    Duty(std::int64_t periodNs, std::int64_t rest)
        : m_periodNs(periodNs)
        , m_rest(rest) {}

    template <class Action>
    void runIfDue(Action action) {
        const std::int64_t begin = monotonicNow();
        if (begin < m_dueNs) {
            return;
        }
        const std::int64_t cpuBefore = ownCpuTime();
        action();
        m_dueNs = begin + std::max(m_periodNs, m_rest * (ownCpuTime() - cpuBefore));
    }

private:
    std::int64_t m_periodNs;
    std::int64_t m_rest;
    std::int64_t m_dueNs = 0;
};

bool isRefusedByUser() {
    const char* value = std::getenv("INTERLEAVE_NO_PERF");
    return value != nullptr && std::strcmp(value, "1") == 0;
}

std::string readSetting(const char* path) {
    DescriptorBudget none;
    char buffer[4096];
    std::string_view text = ProcFile(path).read(none, buffer);
    return std::string(text.substr(0, text.find('\n')));
}

std::string explain(const KernelSwitches::Refusal& refusal) {
    const std::string paranoid = readSetting("/proc/sys/kernel/perf_event_paranoid");
    std::string text =
        refusal.operation + " says \"" + std::system_category().message(refusal.error) + "\"; ";
    if (refusal.operation == "mmap") {
        return text +
               "the user's allowance of memory for rings is used up: end other recordings, or "
               "raise it with \"sudo sysctl kernel.perf_event_mlock_kb=4096\"";
    }
    switch (refusal.error) {
    case EACCES:
    case EPERM:
        return text + "kernel.perf_event_paranoid is " + (paranoid.empty() ? "unknown" : paranoid) +
               ": to get every switch, run \"sudo sysctl kernel.perf_event_paranoid=2\" (in a "
               "container, allow the system call perf_event_open)";
    case EMFILE:
    case ENFILE:
        return text + "too many open files: raise \"ulimit -n\"";
    default:
        return text + "this kernel has no such events (CONFIG_PERF_EVENTS)";
    }
}

} // namespace

struct Observer::State {
    State(std::shared_ptr<Segment> sessionSegment, std::size_t aheadBytes,
          const ObserverOptions& chosen)
        : segment(std::move(sessionSegment))
        , populatedBytes(aheadBytes)
        , options(chosen) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (stopDescriptor >= 0) {
            close(stopDescriptor);
        }
    }

    std::shared_ptr<Segment> segment;
    std::size_t populatedBytes;
    ObserverOptions options;
    std::string kind = "none";
    std::optional<KernelSwitches> kernel;
    SwitchStart start;
    pid_t owner = getpid();
    int stopDescriptor = -1;
    std::vector<std::uint32_t> survivors;
    std::binary_semaphore isReady{0}; // the thread knows where everything stands
    std::thread thread;

    void chooseKind(SessionWriter& session);
    void startThread();
    void run();
    void wait(std::vector<pollfd>& descriptors) const;
    void stop();
};

namespace {

/// What the housekeeping thread keeps while it runs.
struct Housekeeping {
    Housekeeping(std::shared_ptr<Segment> segment, pid_t root)
        : tree(budget, root)
        , samples(std::move(segment), {StreamRole::Sampler, ClockKind::Tsc, "memory and load"}) {}

    DescriptorBudget budget = DescriptorBudget::ofThisProcess();
    ProcessTree tree;
    Writer samples;
    CoreLoad load{sysconf(_SC_CLK_TCK)};
    std::optional<SwitchStream> switches;
    std::optional<ThreadSampler> threads;
    std::vector<KernelRecord> records;
    std::vector<std::uint32_t> forked;

    void drain(KernelSwitches& kernel, std::int64_t horizonNs) {
        records.clear();
        forked.clear();
        kernel.drain(horizonNs, records);
        switches->write(records, forked);
        for (const std::uint32_t pid : forked) {
            tree.add(pid);
        }
    }
    void sampleLoad() {
        const std::string stat = readProcStat();
        const std::int64_t now = monotonicNow();
        const auto ours = switches  ? switches->coreNs(now)
                          : threads ? threads->coreNs()
                                    : std::vector<std::int64_t>{};
        for (const CoreLoad::Value& value : load.sample(stat, now, ours)) {
            samples.emit(EventKind::OtherLoad, static_cast<std::uint32_t>(value.core),
                         static_cast<std::uint32_t>(value.othersPerMille));
        }
    }
};

/// Makes every core write a record, which brings out the count of records that were lost last.
void visitCores(const std::vector<int>& cores) {
    cpu_set_t before;
    sched_getaffinity(0, sizeof before, &before);
    for (const int core : cores) {
        if (core < CPU_SETSIZE) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(static_cast<unsigned>(core), &one);
            sched_setaffinity(0, sizeof one, &one);
        }
    }
    sched_setaffinity(0, sizeof before, &before);
}

} // namespace

void Observer::State::chooseKind(SessionWriter& session) {
    std::string why = "context switches were not asked for";
    if (!options.forceFallback && !isRefusedByUser()) {
        start.timeNs = monotonicNow();
        if (options.process != 0) {
            start.others = {static_cast<std::uint32_t>(options.process)};
        } else {
            start.thread = static_cast<std::uint32_t>(gettid());
            start.others = numbersIn("/proc/self/task");
            std::erase(start.others, start.thread);
            start.core = static_cast<std::uint16_t>(std::max(0, sched_getcpu()));
        }
        auto opened = KernelSwitches::open(options.process);
        if (opened) {
            kernel.emplace(std::move(*opened));
            kind = "switches";
            session.diagnose("kernel-truth", "info", 0,
                             "The kernel reports every context switch of every thread and child "
                             "process of this run (perf_event_open), exact to a microsecond.");
            if (kernel->missedThreads() > 0) {
                session.diagnose("unfollowed-threads", "warning",
                                 static_cast<std::uint64_t>(kernel->missedThreads()),
                                 "Some threads that existed before the run could not be followed: "
                                 "their switches are missing.");
            }
            return;
        }
        why = explain(opened.error());
    }
    if (access("/proc/self/schedstat", R_OK) != 0) {
        session.diagnose("kernel-truth", "warning", 0,
                         "What the kernel did is not known: " + why +
                             "; and /proc/self/schedstat can't be read. States are as the program "
                             "says them.");
        return;
    }
    kind = "sampled";
    session.diagnose(
        "kernel-truth", "warning", 0,
        "Run times of threads are sampled every " + std::to_string(options.samplePeriod.count()) +
            " ms from /proc, exact in total but without order within a sample: " + why + ".");
}

void Observer::State::startThread() {
    stopDescriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    // Signals are for the program's threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        thread = std::thread([this] { run(); });
    } catch (const std::system_error&) {
        // No thread may be started; start() says so.
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Observer::State::wait(std::vector<pollfd>& descriptors) const {
    const auto timeout = kernel ? options.tick : options.samplePeriod;
    poll(descriptors.data(), descriptors.size(), static_cast<int>(timeout.count()));
    for (pollfd& descriptor : descriptors) {
        // The thread that opened the events has ended: the descriptor would be "ready" for ever.
        if ((descriptor.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
            descriptor.fd = -1;
        }
    }
}

void Observer::State::run() {
    pthread_setname_np(pthread_self(), "il-observer");
    Housekeeping keeping(segment, options.process);
    std::vector<pollfd> descriptors{{stopDescriptor, POLLIN, 0}};
    if (kernel) {
        keeping.switches.emplace(
            Writer(segment, {StreamRole::Kernel, ClockKind::Monotonic, "context switches"}), start);
        descriptors.insert(descriptors.end(), kernel->descriptors().begin(),
                           kernel->descriptors().end());
    } else if (kind == "sampled") {
        keeping.threads.emplace(keeping.budget);
        keeping.tree.refresh();
        keeping.threads->sample(keeping.tree, keeping.samples);
    }
    isReady.release();
    Duty sampleThreads(nsOf(options.samplePeriod), kSamplerRest);
    Duty refreshTree(kernel ? kTreePeriodNs : nsOf(options.rssPeriod), kOtherRest);
    Duty rss(nsOf(options.rssPeriod), kOtherRest);
    Duty pss(nsOf(options.pssPeriod), kOtherRest);
    const auto sampleAll = [&] {
        if (keeping.threads) {
            sampleThreads.runIfDue([&] { keeping.threads->sample(keeping.tree, keeping.samples); });
        }
        refreshTree.runIfDue([&] { keeping.tree.refresh(); });
        rss.runIfDue([&] {
            sampleRss(keeping.tree, keeping.budget, keeping.samples);
            keeping.sampleLoad();
            segment->refreshAnchor();
        });
        pss.runIfDue([&] { samplePss(keeping.tree, keeping.budget, keeping.samples); });
    };
    do {
        if (kernel) {
            keeping.drain(*kernel, monotonicNow() - KernelSwitches::kSettlingNs);
        }
        sampleAll();
        segment->populateAhead(populatedBytes);
        wait(descriptors);
    } while ((descriptors.front().revents & POLLIN) == 0);
    if (kernel) {
        if (kernel->wasNearlyFull()) {
            visitCores(kernel->cores());
        }
        keeping.drain(*kernel, std::numeric_limits<std::int64_t>::max());
    }
    if (keeping.threads) {
        keeping.threads->sample(keeping.tree, keeping.samples);
    }
    sampleRss(keeping.tree, keeping.budget, keeping.samples);
    samplePss(keeping.tree, keeping.budget, keeping.samples);
    keeping.tree.refresh();
    for (ObservedProcess& process : keeping.tree.processes()) {
        char buffer[4096]; // one that nobody has waited for yet has no pages
        if (numberAt(process.statm.read(keeping.budget, buffer), 1) > 0) {
            survivors.push_back(process.pid);
        }
    }
}

void Observer::State::stop() {
    if (!thread.joinable()) {
        return;
    }
    if (owner != getpid()) { // a forked child: the thread is the parent's
        thread.detach();
        if (kernel) {
            kernel->abandon();
        }
        return;
    }
    const std::uint64_t one = 1;
    while (write(stopDescriptor, &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread.join();
    kernel.reset();
    segment->refreshAnchor();
}

Observer::Observer(std::unique_ptr<State> state)
    : m_state(std::move(state)) {}
Observer::Observer(Observer&&) noexcept = default;

Observer& Observer::operator=(Observer&& other) noexcept {
    if (this != &other) {
        if (m_state != nullptr) {
            m_state->stop();
        }
        m_state = std::move(other.m_state);
    }
    return *this;
}

Observer::~Observer() {
    if (m_state != nullptr) {
        m_state->stop();
    }
}

Result<Observer> Observer::start(SessionWriter& session, const ObserverOptions& options) {
    auto state = std::make_unique<State>(session.segment(), session.populatedBytes(), options);
    if (!session.segment()->isEnabled()) {
        return Observer(std::move(state));
    }
    state->chooseKind(session);
    state->startThread();
    if (!state->thread.joinable()) {
        return fail("cannot start the thread that observes the run: too many threads or too little "
                    "memory; end other programs or raise \"ulimit -u\"",
                    ErrorKind::MissingPart);
    }
    state->isReady.acquire();
    return Observer(std::move(state));
}

void Observer::stop() {
    m_state->stop();
}

std::string Observer::kind() const {
    return m_state->kind;
}

const std::vector<std::uint32_t>& Observer::survivors() const {
    return m_state->survivors;
}

} // namespace interleave::record
