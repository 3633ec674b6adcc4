// SPDX-License-Identifier: GPL-3.0-or-later
// Kitchen: what stays the same over the run: rooms, chefs, knives, rails, the life of each dish.
#include "engine/analysis/kitchen.h"

#include "engine/analysis/step_function.h"

#include <algorithm>
#include <unordered_map>

namespace interleave::analysis {

using recording::LinkKind;
using recording::MessageStep;
using recording::SpanColumns;
using recording::TrackKind;

namespace {

constexpr std::size_t kMostSpansCounted = 500'000; // more would be felt at each live snapshot
constexpr std::uint32_t kUncounted = 48;
constexpr std::size_t kMostSpansLookedAt = 64; // for a worker

} // namespace

Kitchen::Kitchen(std::shared_ptr<const recording::Recording> recording)
    : m_recording(std::move(recording)) {
    addRooms();
    addKnives();
    addRails();
    addLives();
    addThefts();
    countPlaces();
}

/// Chefs are workers that execute tasks; those that only submit and wait are no chefs.
void Kitchen::addRooms() {
    std::unordered_map<std::uint32_t, std::uint32_t> roomOf; // by pid
    m_chefOfWorker.assign(m_recording->workers.size(), kNoChef);
    for (std::uint32_t i = 0; i < m_recording->workers.size(); ++i) {
        const recording::WorkerInfo& worker = m_recording->workers[i];
        const auto track = m_recording->trackOf(TrackKind::Worker, i + 1);
        if (worker.isControl || !track) {
            continue;
        }
        const auto [room, isNew] =
            roomOf.try_emplace(worker.pid, static_cast<std::uint32_t>(m_rooms.size()));
        if (isNew) {
            KitchenRoom added;
            added.pid = worker.pid;
            const auto process =
                std::ranges::find(m_recording->processes, worker.pid, &recording::ProcessInfo::pid);
            added.name = process == m_recording->processes.end() ? std::string() : process->name;
            m_rooms.push_back(std::move(added));
        }
        m_chefOfWorker[i] = static_cast<std::uint32_t>(m_chefs.size());
        m_rooms[room->second].chefs.push_back(m_chefOfWorker[i]);
        m_chefs.push_back({WorkerId{i + 1}, track, room->second});
    }
}

/// A GIL belongs to the process of whoever holds it first.
void Kitchen::addKnives() {
    for (const recording::Track& track : m_recording->tracks) {
        if (track.kind != TrackKind::Lock ||
            m_recording->object(ObjectId{track.subject}).kind != "gil") {
            continue;
        }
        const std::size_t last = std::min(track.spans.size(), kMostSpansLookedAt);
        for (std::size_t i = 0; i < last; ++i) {
            if (const auto chef = chefOf(track.spans.worker[i])) {
                m_rooms[m_chefs[*chef].kitchen].knife = ObjectId{track.subject};
                break;
            }
        }
    }
}

void Kitchen::addRails() {
    for (std::uint32_t i = 0; i < m_recording->objects.size(); ++i) {
        if (m_recording->objects[i].kind == recording::kMessageQueueKind &&
            m_recording->trackOf(TrackKind::Queue, i + 1)) {
            m_rails.push_back({ObjectId{i + 1}, m_recording->objects[i].name});
        }
    }
    m_rails.push_back({}); // what lies in none of them
}

void Kitchen::addLives() {
    m_lives.resize(m_recording->tasks.size());
    for (std::uint32_t i = 0; i < m_lives.size(); ++i) {
        const recording::TaskInfo& task = m_recording->tasks[i];
        Life& life = m_lives[i];
        life.range = {task.submittedNs, task.endNs};
        life.end = task.end;
        life.rail = static_cast<std::uint32_t>(m_rails.size()) - 1;
    }
    for (const recording::Track& track : m_recording->tracks) {
        if (track.kind != TrackKind::Task || track.spans.isEmpty()) {
            continue;
        }
        Life& life = m_lives[track.subject - 1];
        life.track = track.id;
        life.range = {std::min(life.range.beginNs, track.spans.begin[0]),
                      std::max(life.range.endNs, track.spans.endNs())};
        const std::size_t last = std::min(track.spans.size(), kMostSpansLookedAt);
        for (std::size_t i = 0; i < last && life.home == kNoChef; ++i) {
            life.home = chefOf(track.spans.worker[i]).value_or(kNoChef);
        }
        m_hasOrders = m_hasOrders || track.spans.hasState(State::Queued);
    }
    for (const recording::MessageEvent& event : m_recording->messages) {
        if (event.step == MessageStep::Queued && !event.task.isNone() &&
            event.task.value <= m_lives.size()) {
            const auto rail = std::ranges::find(m_rails, event.object, &Rail::queue);
            if (rail != m_rails.end()) {
                m_lives[event.task.value - 1].rail =
                    static_cast<std::uint32_t>(rail - m_rails.begin());
            }
        }
    }
}

void Kitchen::addThefts() {
    for (const recording::Link& link : m_recording->links) {
        const auto from = chefOf(link.from.worker);
        if (link.kind == LinkKind::Steal && from && !link.to.task.isNone()) {
            m_thefts.push_back({link.to.timeNs, link.to.task.value, *from});
        }
    }
    std::ranges::stable_sort(m_thefts, {}, &Theft::timeNs);
}

/// How many dishes an oven and a shelf must have room for, and when most is going on.
void Kitchen::countPlaces() {
    std::size_t spans = 0;
    for (const Life& life : m_lives) {
        spans += life.track.isNone() ? 0 : m_recording->track(life.track).spans.size();
    }
    std::vector<std::vector<TimeRange>> oven(m_rooms.size());
    std::vector<std::vector<TimeRange>> shelf(m_rooms.size());
    std::vector<TimeRange> busy;
    for (const Life& life : m_lives) {
        if (life.track.isNone() || spans > kMostSpansCounted) {
            continue;
        }
        const SpanColumns& own = m_recording->track(life.track).spans;
        for (std::size_t i = 0; i < own.size(); ++i) {
            const DishPlace place = placeOf(own.state[i]);
            if (place == DishPlace::Hand || place == DishPlace::Oven) {
                busy.push_back(own.rangeAt(i));
            }
            const bool isOven = place == DishPlace::Oven;
            const std::uint32_t chef = chefIn(own, i, life.home);
            if (chef != kNoChef && (isOven || place == DishPlace::Shelf)) {
                (isOven ? oven : shelf)[m_chefs[chef].kitchen].push_back(own.rangeAt(i));
            }
        }
    }
    const auto most = [&](std::vector<TimeRange>& stays) {
        return spans > kMostSpansCounted
                   ? kUncounted
                   : static_cast<std::uint32_t>(overlapCount(std::move(stays)).maximum());
    };
    for (std::size_t i = 0; i < m_rooms.size(); ++i) {
        m_rooms[i].mostInOven = most(oven[i]);
        m_rooms[i].mostOnShelf = most(shelf[i]);
    }
    const StepFunction atOnce = overlapCount(std::move(busy));
    const auto peak = std::ranges::max_element(atOnce.value);
    // In the middle of the time in which most is going on: at its begin all have just begun.
    if (peak != atOnce.value.end()) {
        const auto i = static_cast<std::size_t>(peak - atOnce.value.begin());
        const Nanoseconds until =
            i + 1 < atOnce.time.size() ? atOnce.time[i + 1] : m_recording->range.endNs;
        m_busiestNs = atOnce.time[i] + (until - atOnce.time[i]) / 2;
    } else {
        m_busiestNs = m_recording->range.durationNs() / 2;
    }
}

} // namespace interleave::analysis
