// SPDX-License-Identifier: GPL-3.0-or-later
// AgentSession: the recorded programs of a session. Gives the tasks, objects and steps that their
// agents name numbers of one manifest, which grows as they turn up, and makes every thread a task.
//
// A name is always written before its first use, but perhaps in another stream, which may have been
// read a moment too early. So a stream whose next event has a number that isn't known waits for the
// next poll; if that doesn't know it either, it never will be.
#pragma once

#include "engine/base/time.h"
#include "engine/collector/agent_broker.h"
#include "engine/collector/agent_process.h"
#include "engine/collector/agent_text.h"
#include "engine/collector/agent_thread.h"
#include "engine/collector/manifest.h"
#include "engine/record/segment_reader.h"
#include "engine/recording/recording.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace interleave::collector {

class AgentSession {
public:
    using StreamKey = std::pair<std::uint32_t, std::uint32_t>; // (segment, stream)

    /// The manifest grows; it must outlive this.
    explicit AgentSession(Manifest& manifest);
    AgentSession(const AgentSession&) = delete;
    AgentSession& operator=(const AgentSession&) = delete;

    /// Takes events as they were read from a stream of a process, whose begin in ns is `toNs` of
    /// their stamps.
    void add(const record::StreamHeader& header, const record::SegmentInfo& process,
             std::span<const record::Event> events,
             const std::function<Nanoseconds(std::uint64_t)>& toNs);
    /// What was added, as far as its names are known: to be called after each poll. `isLast`:
    /// nothing more will come.
    using Use = std::function<void(StreamKey, std::vector<record::Event>)>;
    void translate(bool isLast, const Use& use);

    /// The thread's name, as the manifest has it for its task.
    std::string threadName(StreamKey key) const;
    /// What has got another name since the last call.
    struct Renames {
        std::vector<std::uint32_t> tasks;
        bool hasObjects = false;
    };
    Renames takeRenames();
    const AgentProcess* process(std::uint32_t segment) const;
    std::vector<recording::Diagnostic> diagnostics() const;

private:
    struct Stream {
        StreamKey key;
        AgentProcess* process = nullptr;
        std::uint32_t tid = 0;
        std::string name;       // as the program says
        std::string title;      // as it was told to the manifest
        std::uint32_t task = 0; // its own; 0: none yet, or in a model
        TextGatherer texts;
        std::unique_ptr<AgentThread> thread;
        std::vector<record::Event> pending;
        bool isHeldUp = false; // the first one pending was not known at the last poll
    };
    /// Something that gives a number a meaning, in order of time.
    struct Naming {
        Nanoseconds ns = 0;
        Stream* stream = nullptr;
        record::Event event;
        std::vector<std::string> parts;
    };

    AgentProcess& processOf(const record::StreamHeader& header, const record::SegmentInfo& info);
    Stream& streamOf(const record::StreamHeader& header, AgentProcess& process);
    void takeText(Stream& stream, AgentText text, Nanoseconds ns);
    void name(const Naming& naming);
    void nameThread(Stream& stream);
    void renameThread(Stream& from, std::uint32_t tid, const std::string& wanted);
    void nameTask(AgentProcess& process, std::uint32_t own, const std::vector<std::string>& parts);
    void nameObject(AgentProcess& process, std::uint32_t own,
                    const std::vector<std::string>& parts);
    void nameStep(AgentProcess& process, std::uint32_t own, const std::string& text);
    void nameCounter(AgentProcess& process, std::uint32_t own,
                     const std::vector<std::string>& parts);
    std::uint32_t stepNamed(const std::string& text);
    std::uint32_t taskOfThread(std::uint32_t segment, std::uint32_t tid) const;
    void renameThreads();
    std::string threadTitle(const Stream& stream) const;
    std::string unusedName(std::unordered_map<std::string, std::uint32_t>& counts,
                           const std::string& wanted) const;

    Manifest& m_manifest;
    AgentNames m_names;
    std::map<std::uint32_t, AgentProcess> m_processes; // by segment
    std::map<StreamKey, Stream> m_streams;
    std::unordered_map<std::uint64_t, Stream*> m_streamOfThread; // the latest, by segment and tid
    std::unordered_map<std::uint32_t, std::uint32_t> m_segmentOfPid; // the latest
    std::vector<Naming> m_namings;
    std::unordered_map<std::string, std::uint32_t> m_taskByKey;
    std::unordered_map<std::string, std::uint32_t> m_taskNames; // and how often they were wanted
    std::unordered_map<std::string, std::uint32_t> m_objectNames;
    std::unordered_map<std::string, std::uint32_t> m_steps;
    AgentBroker m_broker;
    std::optional<std::uint32_t> m_firstSegment; // of the process that named the first object
    bool m_hasGil = false;
    std::size_t m_threadedProcesses = 0;
    bool m_areThreadsRenamed = false; // since the titles were made
    Renames m_renames;
    std::uint64_t m_faults = 0;  // texts that are no names
    std::uint64_t m_tooMany = 0; // objects and steps beyond what events can number
    std::vector<recording::Diagnostic> m_notes;
};

} // namespace interleave::collector
