// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of brokers: what happened to each, and how exchanges, queues and consumers hang
// together.
#include "engine/storage/recording_tables.h"
#include "engine/storage/table_values.h"

#include <atomic>

namespace interleave::storage {

namespace {

using recording::MessageStep;
using recording::Recording;

constexpr std::int64_t kLastStep = static_cast<std::int64_t>(MessageStep::Lost);

} // namespace

Block packMessages(const Recording& recording) {
    const auto& messages = recording.messages;
    TableWriter table(messages.size());
    table.addColumn([&](std::size_t i) { return messages[i].timeNs; });
    table.addColumn([&](std::size_t i) { return messages[i].message; });
    table.addColumn([&](std::size_t i) {
        return static_cast<int>(messages[i].step) * 2 + (messages[i].isRedelivered ? 1 : 0);
    });
    table.addColumn([&](std::size_t i) { return messages[i].object.value; });
    table.addColumn([&](std::size_t i) { return messages[i].task.value; });
    table.addColumn([&](std::size_t i) { return messages[i].worker.value; });
    return table.finish();
}

bool readMessages(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 6);
    if (!table) {
        return false;
    }
    recording.messages.resize(table->rows());
    std::atomic<bool> isSound = true;
    table->forEachRowInParallel<6>([&](std::size_t row, const auto& values) {
        recording::MessageEvent& event = recording.messages[row];
        const bool isEventSound = takeNumber(values[1], event.message) && event.message != 0 &&
                                  values[2] >= 0 && values[2] <= kLastStep * 2 + 1 &&
                                  takeId(values[3], recording.objects.size(), event.object) &&
                                  takeId(values[4], recording.tasks.size(), event.task) &&
                                  takeId(values[5], recording.workers.size(), event.worker);
        if (!isEventSound) {
            isSound.store(false, std::memory_order_relaxed);
            return;
        }
        event.timeNs = values[0];
        event.step = static_cast<MessageStep>(values[2] / 2);
        event.isRedelivered = values[2] % 2 != 0;
    });
    if (!isSound) {
        recording.messages.clear();
    }
    return isSound;
}

Block packBindings(const Recording& recording) {
    const auto& bindings = recording.bindings;
    TableWriter table(bindings.size());
    table.addColumn([&](std::size_t i) { return bindings[i].exchange.value; });
    table.addColumn([&](std::size_t i) { return bindings[i].queue.value; });
    table.addColumn([&](std::size_t i) { return bindings[i].key.size(); });
    for (const recording::Binding& binding : bindings) {
        table.addText(binding.key);
    }
    return table.finish();
}

bool readBindings(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 3);
    if (!table) {
        return false;
    }
    recording.bindings.resize(table->rows());
    TextCutter texts(table->texts());
    bool isSound = true;
    table->forEachRow<3>([&](std::size_t row, const auto& values) {
        recording::Binding& binding = recording.bindings[row];
        std::string_view key;
        isSound = isSound && takeId(values[0], recording.objects.size(), binding.exchange) &&
                  takeId(values[1], recording.objects.size(), binding.queue) &&
                  texts.take(values[2], key);
        binding.key = key;
    });
    if (!isSound) {
        recording.bindings.clear();
    }
    return isSound;
}

Block packConsumers(const Recording& recording) {
    const auto& consumers = recording.consumers;
    TableWriter table(consumers.size());
    table.addColumn([&](std::size_t i) { return consumers[i].queue.value; });
    table.addColumn([&](std::size_t i) { return consumers[i].worker.value; });
    table.addColumn([&](std::size_t i) { return consumers[i].prefetch; });
    table.addColumn([&](std::size_t i) { return consumers[i].life.beginNs; });
    table.addColumn([&](std::size_t i) { return consumers[i].life.endNs; });
    return table.finish();
}

bool readConsumers(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 5);
    if (!table) {
        return false;
    }
    recording.consumers.resize(table->rows());
    bool isSound = true;
    table->forEachRow<5>([&](std::size_t row, const auto& values) {
        recording::Consumer& consumer = recording.consumers[row];
        isSound = isSound && takeId(values[0], recording.objects.size(), consumer.queue) &&
                  takeId(values[1], recording.workers.size(), consumer.worker) &&
                  takeNumber(values[2], consumer.prefetch);
        consumer.life = {values[3], values[4]};
    });
    if (!isSound) {
        recording.consumers.clear();
    }
    return isSound;
}

} // namespace interleave::storage
