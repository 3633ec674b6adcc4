// SPDX-License-Identifier: GPL-3.0-or-later
// RecordingBuilder: the only way to make a recording. Takes spans in any order; sorts and checks
// them. What can't be true (an illegal state sequence, two tasks at once on a worker) stays in the
// recording and is said in its diagnostics: a recording of a faulty program is worth seeing.
#pragma once

#include "engine/recording/recording.h"
#include "engine/recording/restarts.h"

#include <array>
#include <memory>

namespace interleave::recording {

class RecordingBuilder {
public:
    /// `strings`: texts that are to keep their ids.
    explicit RecordingBuilder(StringTable strings = {});

    StringId intern(std::string_view text) { return m_recording->strings.intern(text); }
    RunInfo& info() { return m_recording->info; }

    /// Each makes the track that belongs to it as well. A control worker gets none; neither does
    /// an object of the kind "barrier" or an exchange, nor a GIL that was never held or a message
    /// queue in which nothing ever lay: they are declared whether they are used or not.
    TaskId addTask(TaskInfo task);
    WorkerId addWorker(WorkerInfo worker);
    ObjectId addObject(ObjectInfo object);
    void addCore(std::uint32_t core);
    void addProcess(ProcessInfo process);

    /// To change what was added; the id must come from this builder.
    TaskInfo& task(TaskId id) { return m_recording->tasks[id.value - 1]; }
    WorkerInfo& worker(WorkerId id) { return m_recording->workers[id.value - 1]; }
    ObjectInfo& object(ObjectId id) { return m_recording->objects[id.value - 1]; }

    /// On the track of span.task, span.worker, span.core. An empty span counts in the check of the
    /// state sequence and is then left out. Cores are added as they come.
    void addTaskSpan(const Span& span);
    void addWorkerSpan(const Span& span);
    void addCoreSpan(const Span& span);
    /// On the track of a lock or a queue.
    void addObjectSpan(ObjectId object, const Span& span);

    /// All spans of a track at once, packed by the caller; it is not checked any more. The subject
    /// must have been added.
    void setSpans(TrackKind kind, std::uint32_t subject, SpanColumns spans);

    void addMark(const Mark& mark) { m_recording->marks.push_back(mark); }
    void setDetails(std::shared_ptr<const DetailTexts> details) {
        m_recording->details = std::move(details);
    }
    void addLink(const Link& link) { m_recording->links.push_back(link); }
    void addMessage(const MessageEvent& event) { m_recording->messages.push_back(event); }
    /// All of them, in any order.
    void setMessages(std::vector<MessageEvent> events) {
        m_recording->messages = std::move(events);
    }
    void addBinding(Binding binding) { m_recording->bindings.push_back(std::move(binding)); }
    void addConsumer(const Consumer& consumer) { m_recording->consumers.push_back(consumer); }
    /// What the check of the states' sequence is to know.
    void setRestarts(Restarts restarts) { m_restarts = std::move(restarts); }
    void addCounter(Counter counter) { m_recording->counters.push_back(std::move(counter)); }
    void addSwitch(const Switch& leave) { m_recording->switches.push_back(leave); }
    void addDiagnostic(Diagnostic diagnostic);
    void setLive(bool isLive) { m_recording->isLive = isLive; }

    /// The recording; the builder is empty afterwards. Tracks are packed on all cores.
    std::shared_ptr<const Recording> finish();

private:
    struct Lane {
        bool isUsed = false;
        std::string name;
        std::vector<Span> spans;
        SpanColumns packed; // instead, where the caller has packed them
    };
    static constexpr std::size_t kKinds = 5;

    Lane& lane(TrackKind kind, std::uint32_t subject);
    bool isLeftOut(TrackKind kind, std::size_t subject) const;
    void assembleTracks();
    void packTracks();
    void sortEvents();
    void computeRange();

    std::unique_ptr<Recording> m_recording;
    std::array<std::vector<Lane>, kKinds> m_lanes; // index: subject
    std::vector<Lane*> m_laneOfTrack;              // index: TrackId.value - 1
    Restarts m_restarts;
};

} // namespace interleave::recording
