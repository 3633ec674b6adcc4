// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/celery_events/cluster_story.h"

#include "engine/base/check.h"
#include "engine/celery_events/event_delay.h"
#include "engine/collector/collector.h"
#include "engine/collector/manifest.h"
#include "engine/record/clock.h"

#include <cstdlib>
#include <fmt/format.h>
#include <utility>

namespace interleave::celery_events {

namespace {

constexpr Nanoseconds kWallNs = 1'700'000'000'000'000'000; // of all hosts when the story begins

std::filesystem::path newFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "cluster-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    return name;
}

int inMs(Nanoseconds ns) {
    return static_cast<int>((ns + kMs / 2) / kMs);
}

} // namespace

ClusterStory::ClusterStory(ClusterState::Limits limits)
    : m_folder(newFolder()) {
    auto writer = record::SessionWriter::create(
        m_folder / "session", {.populatedBytes = 1 << 16, .writer = record::WriterKind::Reporter});
    CHECK(writer.has_value());
    m_writer = std::make_unique<record::SessionWriter>(std::move(*writer));
    CHECK(m_writer->writeManifest(collector::toJson({})).has_value());
    m_session = std::make_unique<ClusterSession>(*m_writer);
    m_state = std::make_unique<ClusterState>(*m_session, limits);
    m_beganNs = record::monotonicNow();
}

ClusterStory::~ClusterStory() {
    m_state.reset();
    m_session.reset();
    m_writer.reset();
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

ClusterEvent& ClusterStory::at(int ms, EventType type, const std::string& node,
                               const std::string& uuid) {
    ClusterEvent& event = *m_events.emplace_back(std::make_unique<ClusterEvent>());
    event.type = type;
    event.node = node;
    event.pid = 100;
    event.uuid = uuid;
    event.stampNs = kWallNs + ms * kMs;
    event.arrivalNs = m_beganNs + ms * kMs;
    m_asked.emplace_back();
    return event;
}

ClusterEvent& ClusterStory::task(int ms, EventType type, const std::string& node,
                                 const std::string& uuid) {
    ClusterEvent& event = at(ms, type, node, uuid);
    event.name = "app.work";
    return event;
}

void ClusterStory::add(ClusterEvent event, std::optional<Nanoseconds> askedNs) {
    // Moved to now: before the session began there is no time.
    static constexpr Nanoseconds kLeadNs = 1000 * kMs;
    if (m_events.empty()) {
        m_movedNs = m_beganNs + kLeadNs - event.arrivalNs;
    }
    event.arrivalNs += m_movedNs;
    m_events.push_back(std::make_unique<ClusterEvent>(std::move(event)));
    m_asked.push_back(askedNs ? std::optional(*askedNs + m_movedNs) : std::nullopt);
    m_delayNs = 500 * kMs;
}

std::shared_ptr<const recording::Recording> ClusterStory::recordedToTheEnd() {
    return recorded(inMs(m_events.back()->arrivalNs - m_beganNs) + 1000);
}

std::shared_ptr<const recording::Recording> ClusterStory::recorded(int ms) {
    EventDelay delay;
    const auto release = [&](Nanoseconds until) {
        delay.release(
            until,
            [&](const ClusterEvent& event, const ClusterNode& node) {
                return m_state->timeOf(event, node);
            },
            [&](const ClusterEvent& event, ClusterNode& node, Nanoseconds at) {
                m_state->apply(event, node, at);
            });
        m_state->tick(until);
    };
    for (std::size_t i = 0; i < m_events.size(); ++i) {
        const ClusterEvent& event = *m_events[i];
        if (m_blindMs >= 0 && event.arrivalNs >= m_beganNs + m_blindMs * kMs) {
            m_state->loseSight(m_beganNs + std::exchange(m_blindMs, -1) * kMs);
        }
        if (ClusterNode* const node = m_state->heard(event, m_asked[i])) {
            delay.add(event, *node);
            release(event.arrivalNs - m_delayNs);
        }
    }
    release(m_beganNs + ms * kMs);
    m_state->close(m_beganNs + ms * kMs);
    m_session.reset(); // closes its streams
    m_writer->finish();
    auto collector = collector::Collector::open(m_folder / "session");
    CHECK(collector.has_value());
    collector->poll();
    return collector->snapshot();
}

std::string lifeOf(const recording::Recording& recording, const std::string& task) {
    for (std::uint32_t i = 0; i < recording.tasks.size(); ++i) {
        if (recording.tasks[i].name != task) {
            continue;
        }
        std::string life;
        if (const auto id = recording.trackOf(recording::TrackKind::Task, i + 1)) {
            const recording::SpanColumns& spans = recording.track(*id).spans;
            for (std::size_t s = 0; s < spans.size(); ++s) {
                const recording::Span span = spans.at(s);
                const int begin = inMs(span.range.beginNs);
                const int end = inMs(span.range.endNs);
                if (begin != end) {
                    life += fmt::format("{} {}-{}, ", nameOf(span.state), begin, end);
                }
            }
        }
        return life + std::string(nameOf(recording.tasks[i].end));
    }
    return "no such task";
}

std::string workOf(const recording::Recording& recording, const std::string& worker) {
    std::string work;
    for (std::uint32_t i = 0; i < recording.workers.size(); ++i) {
        const auto id = recording.trackOf(recording::TrackKind::Worker, i + 1);
        if (recording.workers[i].name != worker || !id) {
            continue;
        }
        const recording::SpanColumns& spans = recording.track(*id).spans;
        for (std::size_t s = 0; s < spans.size(); ++s) {
            const recording::Span span = spans.at(s);
            const std::string& name = recording.task(span.task).name;
            work += fmt::format("{}{} {}-{}", work.empty() ? "" : ", ", name[name.size() - 2],
                                inMs(span.range.beginNs), inMs(span.range.endNs));
        }
    }
    return work;
}

} // namespace interleave::celery_events
