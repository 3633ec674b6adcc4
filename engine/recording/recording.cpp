// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/recording.h"

#include <algorithm>
#include <array>

namespace interleave::recording {

std::string_view nameOf(Source source) {
    switch (source) {
    case Source::Measured:
        return "measured";
    case Source::Simulated:
        return "simulated";
    case Source::Imported:
        return "imported";
    }
    return "measured";
}

std::string_view nameOf(TrackKind kind) {
    switch (kind) {
    case TrackKind::Task:
        return "task";
    case TrackKind::Worker:
        return "worker";
    case TrackKind::Core:
        return "core";
    case TrackKind::Lock:
        return "lock";
    case TrackKind::Queue:
        return "queue";
    }
    return "task";
}

bool isExchangeKind(std::string_view kind) {
    return kind.ends_with("-exchange");
}

std::optional<TrackKind> trackKindOf(std::string_view objectKind) {
    if (objectKind == "barrier" || isExchangeKind(objectKind)) {
        return std::nullopt;
    }
    return objectKind == "queue" || objectKind == kMessageQueueKind ? TrackKind::Queue
                                                                    : TrackKind::Lock;
}

std::string_view nameOf(MessageStep step) {
    constexpr std::array<std::string_view, 14> kNames{
        "published", "unroutable", "returned",      "confirmed", "refused",
        "queued",    "delivered",  "acked",         "requeued",  "rejected",
        "expired",   "overflowed", "dead-lettered", "lost"};
    return kNames[static_cast<std::size_t>(step)];
}

std::string_view nameOf(LinkKind kind) {
    switch (kind) {
    case LinkKind::Submit:
        return "submit";
    case LinkKind::Spawn:
        return "spawn";
    case LinkKind::Steal:
        return "steal";
    case LinkKind::Handoff:
        return "handoff";
    case LinkKind::Wake:
        return "wake";
    case LinkKind::Deliver:
        return "deliver";
    case LinkKind::Flow:
        return "flow";
    case LinkKind::Redeliver:
        return "redeliver";
    case LinkKind::Ack:
        return "ack";
    case LinkKind::DeadLetter:
        return "dead-letter";
    }
    return "submit";
}

std::string_view nameOf(Severity severity) {
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::DataLoss:
        return "data-loss";
    }
    return "info";
}

std::vector<TrackId> Recording::tracksOf(TrackKind kind) const {
    std::vector<TrackId> found;
    for (const Track& track : tracks) {
        if (track.kind == kind) {
            found.push_back(track.id);
        }
    }
    return found;
}

std::optional<TrackId> Recording::trackOf(TrackKind kind, std::uint32_t subject) const {
    const auto key = std::pair(kind, subject);
    const auto place = std::ranges::lower_bound(
        tracks, key, {}, [](const Track& track) { return std::pair(track.kind, track.subject); });
    if (place == tracks.end() || place->kind != kind || place->subject != subject) {
        return std::nullopt;
    }
    return place->id;
}

} // namespace interleave::recording
