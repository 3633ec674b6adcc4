// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/task_parcel.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <ctime>
#include <fmt/format.h>

namespace interleave::models {

namespace {

constexpr std::int64_t kMostRetries = 1'000'000;

std::int64_t header(const routing::Headers& headers, std::string_view key) {
    for (const auto& [name, value] : headers) {
        if (const auto* number = std::get_if<std::int64_t>(&value); name == key && number) {
            return *number;
        }
    }
    return 0;
}

} // namespace

Nanoseconds wallClockNow() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return Nanoseconds{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

broker::Properties propertiesOf(const TaskParcel& parcel, const char* type) {
    broker::Properties properties;
    properties.messageId = fmt::to_string(parcel.number);
    properties.type = type;
    properties.priority = parcel.priority;
    properties.isPersistent = true;
    // Sorted by name, as Headers are; what is not said is 0.
    if (parcel.notBeforeNs != 0) {
        properties.headers.emplace_back("eta", parcel.notBeforeNs);
    }
    if (parcel.expiresNs != 0) {
        properties.headers.emplace_back("expires", parcel.expiresNs);
    }
    if (parcel.retries != 0) {
        properties.headers.emplace_back("retries", std::int64_t{parcel.retries});
    }
    return properties;
}

std::optional<TaskParcel> parcelOf(broker::Delivery& delivery, const char* type) {
    const broker::Properties& properties = delivery.properties;
    TaskParcel parcel;
    const char* const end = properties.messageId.data() + properties.messageId.size();
    const auto [stop, error] = std::from_chars(properties.messageId.data(), end, parcel.number);
    const std::int64_t retries = header(properties.headers, "retries");
    if (properties.type != type || error != std::errc() || stop != end || parcel.number == 0 ||
        retries < 0 || retries > kMostRetries) {
        return std::nullopt;
    }
    parcel.retries = static_cast<std::uint32_t>(retries);
    parcel.notBeforeNs = header(properties.headers, "eta");
    parcel.expiresNs = header(properties.headers, "expires");
    parcel.priority = properties.priority;
    parcel.body = std::move(delivery.body);
    return parcel;
}

std::optional<std::vector<TaskFrame>> framesOf(std::span<const std::byte> body, MessageKind kind,
                                               std::size_t tasks) {
    std::vector<TaskFrame> frames;
    std::size_t at = 0;
    while (at < body.size()) {
        TaskFrame frame{{}, at, body.size()};
        if (body.size() - at < sizeof(Message)) {
            return std::nullopt;
        }
        const Message message = headerOf(body, frame);
        if (message.kind != kind || message.task.value == 0 || message.task.value > tasks ||
            message.bytes > body.size() - at - sizeof(Message)) {
            return std::nullopt;
        }
        frame.task = message.task;
        frame.end = at + sizeof(Message) + message.bytes;
        at = frame.end;
        frames.push_back(frame);
    }
    return frames.empty() ? std::nullopt : std::optional(std::move(frames));
}

Message headerOf(std::span<const std::byte> body, const TaskFrame& frame) {
    Message message;
    std::memcpy(&message, body.data() + frame.begin, sizeof message);
    return message;
}

std::vector<std::byte> frameWith(const Message& header, std::span<const std::byte> body,
                                 const TaskFrame& frame) {
    std::vector<std::byte> packed(frame.end - frame.begin);
    std::memcpy(packed.data(), &header, sizeof header);
    std::ranges::copy(body.subspan(frame.begin + sizeof header, packed.size() - sizeof header),
                      packed.begin() + sizeof header);
    return packed;
}

} // namespace interleave::models
