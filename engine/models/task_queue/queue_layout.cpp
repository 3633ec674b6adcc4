// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/queue_layout.h"

#include "engine/base/check.h"
#include "engine/models/task_queue/settings.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

namespace {

std::string nameIn(const RunContext& context, ObjectId id) {
    return id.value <= context.program.objects.size()
               ? context.program.object(id).name
               : kExtraQueueNames[id.value - context.firstExtraQueue.value];
}

} // namespace

QueueLayout::QueueLayout(const RunContext& context, const std::string& mark) {
    const auto place = [&](ObjectId id, std::uint8_t maxPriority, bool isDurable) {
        broker::QueueSpec spec;
        spec.name = fmt::format("interleave.{}.{}", mark, nameIn(context, id));
        spec.isDurable = isDurable;
        spec.maxPriority = maxPriority;
        m_queues.push_back({id, spec});
    };
    const auto& declared = context.program.scenario->messageQueues;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        place(context.program.messageQueueId(i), declared[i].maxPriority, declared[i].isDurable);
    }
    // The model's own queues are Celery's: they survive their broker.
    std::uint8_t highest = 0;
    for (const scenario::TaskTemplate& task : context.program.scenario->tasks) {
        highest = task.delivery.queue ? highest : std::max(highest, task.delivery.priority);
    }
    place(extraQueue(context, ExtraQueue::Tasks), highest, true);
    place(extraQueue(context, ExtraQueue::Results), 0, true);
}

const std::string& QueueLayout::nameOf(ObjectId queue) const {
    const auto placed = std::ranges::find(m_queues, queue, &PlacedQueue::id);
    CHECK(placed != m_queues.end());
    return placed->spec.name;
}

} // namespace interleave::models
