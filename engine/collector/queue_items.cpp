// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/queue_items.h"

#include "engine/collector/lock_holds.h"

#include <algorithm>
#include <map>
#include <optional>

namespace interleave::collector {

using record::EventKind;
using recording::LinkEnd;

namespace {

struct Item {
    std::optional<LinkEnd> put;
    std::optional<LinkEnd> got;
};

using Items = std::map<std::pair<std::uint32_t, std::uint32_t>, Item>; // (queue, item)

Items itemsOf(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
              const Occupancy& occupancy, const Manifest& manifest, Oddities& oddities) {
    Items items;
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        const WorkerThread* const thread = workers.ofStream(i);
        for (const TimedEvent& event : streams[i].events) {
            const bool isPut = event.kind == EventKind::QueuePut;
            if (thread == nullptr || (!isPut && event.kind != EventKind::QueueGot)) {
                continue;
            }
            if (event.b == 0 || event.b > manifest.objects.size() ||
                manifest.objects[event.b - 1].kind != "queue") {
                ++oddities.unknownIds;
                continue;
            }
            Item& item = items[{event.b, event.a}];
            (isPut ? item.put : item.got) =
                LinkEnd{event.ns, occupancy.taskAt(thread->id, event.ns), thread->id};
        }
    }
    return items;
}

} // namespace

void addQueueItems(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                   const Occupancy& occupancy, const Manifest& manifest, Nanoseconds endNs,
                   recording::RecordingBuilder& builder, Oddities& oddities) {
    std::vector<std::vector<Item>> byQueue(manifest.objects.size());
    for (const auto& [key, item] : itemsOf(streams, workers, occupancy, manifest, oddities)) {
        if (item.put) {
            byQueue[key.first - 1].push_back(item);
        } else {
            ++oddities.unpairedReleases; // taken, but its putting was lost
        }
    }
    for (std::uint32_t i = 0; i < byQueue.size(); ++i) {
        std::ranges::stable_sort(byQueue[i], {}, [](const Item& item) { return item.put->timeNs; });
        LevelAssigner levels;
        for (const Item& item : byQueue[i]) {
            // A getter may stamp a moment before the putter does.
            const Nanoseconds end = std::max(item.put->timeNs, item.got ? item.got->timeNs : endNs);
            const TimeRange range{item.put->timeNs, end};
            builder.addObjectSpan(ObjectId{i + 1}, {.range = range,
                                                    .state = State::Queued,
                                                    .task = item.put->task,
                                                    .worker = item.put->worker,
                                                    .depth = levels.levelFor(range)});
            if (item.got) {
                LinkEnd to = *item.got;
                to.timeNs = end;
                builder.addLink({.kind = recording::LinkKind::Deliver,
                                 .from = *item.put,
                                 .to = to,
                                 .object = ObjectId{i + 1}});
            }
        }
    }
}

} // namespace interleave::collector
