// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/lock_waits.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace interleave::analysis {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr std::string_view kHeldBy = " held by ";

using Names = std::unordered_map<std::string_view, ObjectId>;

/// The longest name that the cause is, or that it says is held by somebody.
ObjectId objectNamedIn(std::string_view cause, const Names& names) {
    if (const auto found = names.find(cause); found != names.end()) {
        return found->second;
    }
    for (auto at = cause.rfind(kHeldBy); at != std::string_view::npos;
         at = at == 0 ? std::string_view::npos : cause.rfind(kHeldBy, at - 1)) {
        if (const auto found = names.find(cause.substr(0, at)); found != names.end()) {
            return found->second;
        }
    }
    return {};
}

} // namespace

LockWaits::LockWaits(const Recording& recording) {
    Names names;
    for (std::uint32_t i = 0; i < recording.objects.size(); ++i) {
        names.emplace(recording.objects[i].name, ObjectId{i + 1});
        if (recording.objects[i].kind == "gil" && m_gil.isNone()) {
            m_gil = ObjectId{i + 1};
        }
    }
    m_objectOfCause.resize(recording.strings.size());
    for (std::uint32_t i = 1; i < m_objectOfCause.size(); ++i) {
        m_objectOfCause[i] = objectNamedIn(recording.strings.text(StringId{i}), names);
    }
    m_waits.resize(recording.objects.size() + 1);
    collect(recording);
}

ObjectId LockWaits::objectOf(State state, StringId cause) const {
    if (state != State::WaitingGil && state != State::WaitingLock) {
        return {};
    }
    const ObjectId named =
        cause.value < m_objectOfCause.size() ? m_objectOfCause[cause.value] : ObjectId{};
    return named.isNone() && state == State::WaitingGil ? m_gil : named;
}

const std::vector<LockWait>& LockWaits::waitsFor(ObjectId object) const {
    return m_waits[object.value < m_waits.size() ? object.value : 0];
}

void LockWaits::collect(const Recording& recording) {
    for (const Track& track : recording.tracks) {
        if (track.kind != TrackKind::Task) {
            continue;
        }
        ObjectId previous;
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            const ObjectId object = objectOf(track.spans.state[i], track.spans.cause[i]);
            const TimeRange range = track.spans.rangeAt(i);
            if (object) {
                auto& waits = m_waits[object.value];
                if (object == previous && waits.back().range.endNs == range.beginNs) {
                    waits.back().range.endNs = range.endNs;
                } else {
                    waits.push_back({range, TaskId{track.subject}, track.spans.worker[i]});
                }
            }
            previous = object;
        }
    }
    for (auto& waits : m_waits) {
        std::ranges::stable_sort(waits, {}, [](const LockWait& w) { return w.range.beginNs; });
    }
}

} // namespace interleave::analysis
