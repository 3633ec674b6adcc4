// SPDX-License-Identifier: GPL-3.0-or-later
// Stories of a cluster for tests: events at times of our own clock, from hosts whose clocks are
// right, and the recording that comes of them.
#pragma once

#include "engine/celery_events/cluster_state.h"
#include "engine/recording/recording.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace interleave::celery_events {

class ClusterStory {
public:
    explicit ClusterStory(ClusterState::Limits limits = {});
    ~ClusterStory();

    /// What happens at a time in ms since the story began.
    ClusterEvent& at(int ms, EventType type, const std::string& node, const std::string& uuid = {});
    /// Of a task, by its name, where it is sent or received.
    ClusterEvent& task(int ms, EventType type, const std::string& node, const std::string& uuid);
    /// An event as it really arrived, and when heartbeats had been asked for.
    void add(ClusterEvent event, std::optional<Nanoseconds> askedNs);
    void loseSightAt(int ms) { m_blindMs = ms; }

    /// The whole story, ended at `ms`. Once.
    std::shared_ptr<const recording::Recording> recorded(int ms);
    /// The same, ended a little after the last event.
    std::shared_ptr<const recording::Recording> recordedToTheEnd();
    const ClusterState& state() const { return *m_state; }

private:
    std::filesystem::path m_folder;
    std::unique_ptr<record::SessionWriter> m_writer;
    std::unique_ptr<ClusterSession> m_session;
    std::unique_ptr<ClusterState> m_state;
    std::vector<std::unique_ptr<ClusterEvent>> m_events; // in the order of their arrival
    std::vector<std::optional<Nanoseconds>> m_asked;     // likewise
    Nanoseconds m_delayNs = 0;
    Nanoseconds m_movedNs = 0;
    Nanoseconds m_beganNs = 0;
    int m_blindMs = -1;
};

/// The spans of a task in ms: "queued 0-5, reserved 5-6"; its end at the end: "done".
std::string lifeOf(const recording::Recording& recording, const std::string& task);
/// The spans of a worker in ms: "a 1-5, b 6-8", by the tasks' last letter but one.
std::string workOf(const recording::Recording& recording, const std::string& worker);

} // namespace interleave::celery_events
