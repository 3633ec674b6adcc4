// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/agent_session.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace interleave::collector {

using record::BlockingCall;
using record::Event;
using record::EventKind;
using recording::Severity;

namespace {

constexpr std::size_t kMostNotes = 1000;

const char* nameOf(BlockingCall call) {
    switch (call) {
    case BlockingCall::Other:
        return "call";
    case BlockingCall::Read:
        return "read";
    case BlockingCall::Write:
        return "write";
    case BlockingCall::Connect:
        return "connect";
    case BlockingCall::Poll:
        return "poll";
    case BlockingCall::Sleep:
        return "sleep";
    case BlockingCall::WaitChild:
        return "wait for process";
    case BlockingCall::WaitThread:
        return "join thread";
    }
    return "call";
}

std::uint64_t threadKey(std::uint32_t segment, std::uint32_t tid) {
    return std::uint64_t{segment} << 32 | tid;
}

std::string partOr(const std::vector<std::string>& parts, std::size_t index,
                   const std::string& otherwise) {
    return index < parts.size() && !parts[index].empty() ? parts[index] : otherwise;
}

} // namespace

AgentSession::AgentSession(Manifest& manifest)
    : m_manifest(manifest)
    , m_broker(manifest) {
    for (const ManifestTask& task : manifest.tasks) {
        m_taskNames.emplace(task.name, 1);
    }
    for (const ManifestObject& object : manifest.objects) {
        m_names.roles.push_back(roleOfKind(object.kind));
        if (!recording::isExchangeKind(object.kind)) { // nobody waits for one: it has no track
            m_objectNames.emplace(object.name, 1);
        }
    }
    for (std::uint32_t i = 0; i < manifest.steps.size(); ++i) {
        m_steps.emplace(manifest.steps[i], i + 1);
    }
    m_names.stepOfCall = [this](BlockingCall call) { return stepNamed(nameOf(call)); };
    m_names.taskOfThread = [this](const AgentProcess& process, std::uint32_t tid) {
        return taskOfThread(process.segment, tid);
    };
    m_names.makerOfProcess = [this](const AgentProcess& process) {
        const auto parent = m_segmentOfPid.find(process.parentPid);
        return process.forkingTid == 0 || parent == m_segmentOfPid.end()
                   ? 0
                   : taskOfThread(parent->second, process.forkingTid);
    };
}

AgentProcess& AgentSession::processOf(const record::StreamHeader& header,
                                      const record::SegmentInfo& info) {
    const auto [place, isNew] = m_processes.try_emplace(header.segment);
    AgentProcess& process = place->second;
    if (isNew) {
        process.segment = header.segment;
        process.pid = header.pid;
        m_segmentOfPid[header.pid] = header.segment;
        process.name = shownText(info.processName);
        process.isModel = info.writer == record::WriterKind::AgentOfModel;
        process.isReporter = info.writer == record::WriterKind::Reporter;
        process.manifestCounters = static_cast<std::uint32_t>(m_manifest.counters.size());
        if (process.isModel) {
            process.manifestTasks = static_cast<std::uint32_t>(m_manifest.tasks.size());
            process.manifestObjects = static_cast<std::uint32_t>(m_manifest.objects.size());
            process.manifestSteps = static_cast<std::uint32_t>(m_manifest.steps.size());
        }
    }
    return process;
}

AgentSession::Stream& AgentSession::streamOf(const record::StreamHeader& header,
                                             AgentProcess& process) {
    const auto [place, isNew] = m_streams.try_emplace({header.segment, header.id});
    Stream& stream = place->second;
    if (isNew) {
        stream.key = place->first;
        stream.process = &process;
        stream.tid = header.tid;
        stream.name = shownText(header.info.name);
        stream.thread = std::make_unique<AgentThread>(process, m_names);
        m_streamOfThread[threadKey(header.segment, header.tid)] = &stream;
    }
    return stream;
}

void AgentSession::add(const record::StreamHeader& header, const record::SegmentInfo& info,
                       std::span<const Event> events,
                       const std::function<Nanoseconds(std::uint64_t)>& toNs) {
    if (events.empty()) {
        return;
    }
    if (header.info.role != record::StreamRole::Worker &&
        header.info.role != record::StreamRole::Control) {
        m_faults += events.size(); // an agent observes nothing but its own threads
        return;
    }
    AgentProcess& process = processOf(header, info);
    const bool isKnown = m_streams.contains({header.segment, header.id});
    Stream& stream = streamOf(header, process);
    if (!isKnown && !process.isModel && !process.isReporter) {
        m_namings.push_back({toNs(events.front().stamp()), &stream, {}, {}});
    }
    for (const Event& event : events) {
        const EventKind kind = event.kind();
        if (hasText(kind) || kind == EventKind::Text) {
            if (auto text = stream.texts.take(event)) {
                const Nanoseconds ns = toNs(text->event.stamp());
                takeText(stream, std::move(*text), ns);
            }
            continue;
        }
        if (stream.texts.isGathering()) {
            stream.texts.interrupt();
        }
        if (kind == EventKind::LockFailed) {
            m_namings.push_back({toNs(event.stamp()), &stream, event, {}});
        }
        stream.pending.push_back(event);
    }
}

void AgentSession::takeText(Stream& stream, AgentText text, Nanoseconds ns) {
    switch (text.event.kind()) {
    case EventKind::Marked:
        m_manifest.marks.push_back(text.parts[0]);
        stream.pending.push_back(
            {text.event.word, static_cast<std::uint32_t>(m_manifest.marks.size()), 0});
        break;
    case EventKind::Noted:
        if (m_notes.size() < kMostNotes) {
            m_notes.push_back(
                {partOr(text.parts, 0, "program"),
                 text.event.a == 0 ? Severity::Info
                                   : (text.event.a == 1 ? Severity::Warning : Severity::DataLoss),
                 1, partOr(text.parts, 1, "The recorded program's agent noted something.")});
        }
        break;
    default:
        m_namings.push_back({ns, &stream, text.event, std::move(text.parts)});
        break;
    }
}

void AgentSession::translate(bool isLast, const Use& use) {
    std::ranges::stable_sort(m_namings, {}, &Naming::ns);
    for (const Naming& naming : m_namings) {
        name(naming);
    }
    m_namings.clear();
    m_broker.addBindings();
    if (m_areThreadsRenamed) {
        renameThreads();
    }
    for (auto& [key, stream] : m_streams) {
        if (stream.pending.empty()) {
            continue;
        }
        // Some things are known only after they happened, and written with the stamp they had.
        if (!std::ranges::is_sorted(stream.pending, {}, &Event::stamp)) {
            std::ranges::stable_sort(stream.pending, {}, &Event::stamp);
        }
        std::vector<Event> translated;
        translated.reserve(stream.pending.size() + stream.pending.size() / 4);
        std::size_t taken = 0;
        if (stream.isHeldUp && !isLast) {
            taken = stream.thread->translate(std::span(stream.pending).first(1), true, translated);
        }
        taken +=
            stream.thread->translate(std::span(stream.pending).subspan(taken), isLast, translated);
        stream.isHeldUp = taken < stream.pending.size();
        stream.pending.erase(stream.pending.begin(),
                             stream.pending.begin() + static_cast<std::ptrdiff_t>(taken));
        use(key, std::move(translated));
    }
}

void AgentSession::name(const Naming& naming) {
    Stream& stream = *naming.stream;
    AgentProcess& process = *stream.process;
    switch (naming.event.kind()) {
    case EventKind::None:
        nameThread(stream);
        break;
    case EventKind::ThreadNamed:
        renameThread(stream, naming.event.a, naming.parts[0]);
        break;
    case EventKind::TaskNamed:
        nameTask(process, naming.event.a, naming.parts);
        break;
    case EventKind::ObjectNamed:
        nameObject(process, naming.event.a, naming.parts);
        break;
    case EventKind::StepNamed:
        nameStep(process, naming.event.a, naming.parts[0]);
        break;
    case EventKind::MessageNamed:
        m_faults += naming.event.a == 0 ? 1 : 0;
        if (naming.event.a != 0) {
            m_broker.nameMessage(process, naming.event.a, naming.parts[0]);
        }
        break;
    case EventKind::Bound:
        m_broker.bind(process, naming.event.a, naming.parts[0]);
        break;
    case EventKind::CounterNamed:
        nameCounter(process, naming.event.a, naming.parts);
        break;
    case EventKind::ProcessNamed:
        process.name = partOr(naming.parts, 0, process.name);
        process.parentPid = naming.event.a;
        if (const std::string forking = partOr(naming.parts, 2, ""); !forking.empty()) {
            std::from_chars(forking.data(), forking.data() + forking.size(), process.forkingTid);
        }
        break;
    case EventKind::LockFailed:
        if (const std::uint32_t object = process.object(naming.event.b); object != 0) {
            m_names.failures.try_emplace(object, naming.event.stamp());
        }
        break;
    default:
        break;
    }
}

void AgentSession::nameThread(Stream& stream) {
    m_manifest.tasks.push_back({stream.name, "thread"});
    stream.task = static_cast<std::uint32_t>(m_manifest.tasks.size());
    stream.thread->setTask(stream.task);
    m_areThreadsRenamed = true;
}

/// A thread may name another one of its process.
void AgentSession::renameThread(Stream& from, std::uint32_t tid, const std::string& wanted) {
    Stream* thread = &from;
    if (tid != 0 && tid != from.tid) {
        const auto other = m_streamOfThread.find(threadKey(from.key.first, tid));
        if (other == m_streamOfThread.end()) {
            return; // it has not recorded anything yet
        }
        thread = other->second;
    }
    thread->name = wanted;
    m_areThreadsRenamed = true;
}

void AgentSession::nameTask(AgentProcess& process, std::uint32_t own,
                            const std::vector<std::string>& parts) {
    if (own == 0) {
        ++m_faults;
        return;
    }
    std::uint32_t number = process.tasks.at(own);
    const std::string key = partOr(parts, 2, "");
    if (const auto same = m_taskByKey.find(key); !key.empty() && same != m_taskByKey.end()) {
        process.tasks.set(own, same->second);
        return;
    }
    const std::string wanted = partOr(parts, 0, fmt::format("task {}", own));
    if (number != 0) { // a better name is known
        m_manifest.tasks[number - 1].name = unusedName(m_taskNames, wanted);
        m_renames.tasks.push_back(number);
        return;
    }
    m_manifest.tasks.push_back({unusedName(m_taskNames, wanted), partOr(parts, 1, "task")});
    number = static_cast<std::uint32_t>(m_manifest.tasks.size());
    process.tasks.set(own, number);
    if (!key.empty()) {
        m_taskByKey.emplace(key, number);
    }
}

void AgentSession::nameObject(AgentProcess& process, std::uint32_t own,
                              const std::vector<std::string>& parts) {
    if (own == 0 || own > record::kMaxObjects) {
        ++m_faults;
        return;
    }
    const std::string kind = partOr(parts, 0, "lock");
    std::string wanted = partOr(parts, 1, fmt::format("{} {}", kind, own));
    const bool isBrokers = AgentBroker::hasKind(kind);
    if (const std::uint32_t known = isBrokers ? m_broker.objectNamed(kind, wanted) : 0) {
        process.objects.set(own, known);
        return;
    }
    if (!m_firstSegment) {
        m_firstSegment = process.segment;
    }
    if (process.segment != *m_firstSegment && !isBrokers) {
        wanted = fmt::format("{} of {} {}", wanted, process.name, process.pid);
    }
    if (kind == "gil") {
        if (!m_hasGil) {
            m_hasGil = true;
            // The manifest of a model has a place for it.
            const auto place = std::ranges::find(m_manifest.objects, "gil", &ManifestObject::kind);
            if (process.isModel && place != m_manifest.objects.end()) {
                process.objects.set(
                    own, static_cast<std::uint32_t>(place - m_manifest.objects.begin()) + 1);
                return;
            }
        }
    }
    const std::uint32_t known = process.objects.at(own);
    if (known != 0) { // a better name is known
        m_manifest.objects[known - 1].name = unusedName(m_objectNames, wanted);
        if (isBrokers) {
            m_broker.setObject(kind, wanted, known);
        }
        m_renames.hasObjects = true;
        return;
    }
    if (m_manifest.objects.size() >= record::kMaxObjects) {
        ++m_tooMany;
        return;
    }
    const bool isExchange = recording::isExchangeKind(kind);
    m_manifest.objects.push_back(
        {isExchange ? wanted : unusedName(m_objectNames, wanted), kind, 0});
    m_names.roles.push_back(roleOfKind(kind));
    const auto number = static_cast<std::uint32_t>(m_manifest.objects.size());
    process.objects.set(own, number);
    if (isBrokers) {
        m_broker.setObject(kind, wanted, number);
    }
}

void AgentSession::nameStep(AgentProcess& process, std::uint32_t own, const std::string& text) {
    if (own == 0 || own > record::kMaxSteps) {
        ++m_faults;
        return;
    }
    if (const std::uint32_t step = stepNamed(text); step != 0) {
        process.steps.set(own, step);
    }
}

void AgentSession::nameCounter(AgentProcess& process, std::uint32_t own,
                               const std::vector<std::string>& parts) {
    double scale = 1;
    const std::string text = partOr(parts, 2, "1");
    std::from_chars(text.data(), text.data() + text.size(), scale);
    if (own == 0 || process.counters.at(own) != 0 || !(scale > 0) ||
        m_manifest.counters.size() >= record::kMaxSteps) {
        ++m_faults;
        return;
    }
    m_manifest.counters.push_back(partOr(parts, 0, fmt::format("counter {}", own)));
    m_manifest.counterUnits.resize(m_manifest.counters.size());
    m_manifest.counterUnits.back() = {partOr(parts, 1, "tasks"), scale};
    process.counters.set(own, static_cast<std::uint32_t>(m_manifest.counters.size()));
}

std::uint32_t AgentSession::stepNamed(const std::string& text) {
    if (const auto known = m_steps.find(text); known != m_steps.end()) {
        return known->second;
    }
    if (m_manifest.steps.size() >= record::kMaxSteps) {
        ++m_tooMany;
        return 0;
    }
    m_manifest.steps.push_back(text);
    const auto number = static_cast<std::uint32_t>(m_manifest.steps.size());
    m_steps.emplace(text, number);
    return number;
}

/// Names are how spans say whom they wait for, and how scripts tell tracks apart.
std::string AgentSession::unusedName(std::unordered_map<std::string, std::uint32_t>& counts,
                                     const std::string& wanted) const {
    std::string name = wanted;
    for (std::uint32_t& count = counts[wanted];;) {
        if (count++ > 0) {
            name = fmt::format("{} ({})", wanted, count);
        }
        if (count == 1 || counts.try_emplace(name, 1).second) {
            return name;
        }
    }
}

std::uint32_t AgentSession::taskOfThread(std::uint32_t segment, std::uint32_t tid) const {
    const auto stream = m_streamOfThread.find(threadKey(segment, tid));
    return stream == m_streamOfThread.end() ? 0 : stream->second->task;
}

std::string AgentSession::threadTitle(const Stream& stream) const {
    const std::string name =
        stream.name.empty() ? fmt::format("thread {}", stream.tid) : stream.name;
    return m_threadedProcesses > 1 ? fmt::format("{} (pid {})", name, stream.process->pid) : name;
}

void AgentSession::renameThreads() {
    m_areThreadsRenamed = false;
    std::unordered_set<std::uint32_t> pids;
    for (const auto& [key, stream] : m_streams) {
        if (stream.task != 0) {
            pids.insert(stream.process->pid);
        }
    }
    m_threadedProcesses = pids.size();
    std::vector<Stream*> renamed;
    for (auto& [key, stream] : m_streams) {
        if (stream.task != 0 && stream.title != threadTitle(stream)) {
            renamed.push_back(&stream);
        }
    }
    std::ranges::sort(renamed, {}, &Stream::task); // who came first gets the plain name
    for (Stream* const stream : renamed) {
        if (!stream->title.empty()) {
            m_renames.tasks.push_back(stream->task);
        }
        stream->title = threadTitle(*stream);
        m_manifest.tasks[stream->task - 1].name = unusedName(m_taskNames, stream->title);
    }
}

std::string AgentSession::threadName(StreamKey key) const {
    const auto stream = m_streams.find(key);
    if (stream == m_streams.end()) {
        return {};
    }
    return stream->second.task != 0 ? m_manifest.tasks[stream->second.task - 1].name
                                    : stream->second.name;
}

AgentSession::Renames AgentSession::takeRenames() {
    return std::exchange(m_renames, {});
}

const AgentProcess* AgentSession::process(std::uint32_t segment) const {
    const auto process = m_processes.find(segment);
    return process == m_processes.end() ? nullptr : &process->second;
}

std::vector<recording::Diagnostic> AgentSession::diagnostics() const {
    std::vector<recording::Diagnostic> all = m_notes;
    const auto add = [&](const char* kind, std::uint64_t count, const char* sentence) {
        if (count != 0) {
            all.push_back({kind, Severity::Warning, count, fmt::format("{} {}", count, sentence)});
        }
    };
    std::uint64_t faults = m_faults;
    std::uint64_t unknown = m_broker.unknownBindings();
    for (const auto& [key, stream] : m_streams) {
        faults += stream.texts.faults();
        unknown += stream.thread->unknownNumbers();
    }
    add("damaged-names", faults,
        "names that the recorded program's agent wrote are cut or make no sense.");
    add("unnamed-events", unknown,
        "events of the recorded program are about tasks, locks or messages whose names are "
        "missing; they are left out.");
    add("too-many-names", m_tooMany,
        "locks or steps are more than a recording can number; they are left out.");
    return all;
}

} // namespace interleave::collector
