// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/remote_host.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace interleave::models {

namespace {

constexpr std::size_t kPopulatedBytes = std::size_t{1} << 20;
constexpr std::size_t kMaximumBytes = std::size_t{4} << 30;
constexpr std::size_t kLongestPrefix = 15; // of a stream's name, which has 31 bytes

} // namespace

Result<std::unique_ptr<RemoteHost>> RemoteHost::create(record::SessionWriter& session,
                                                       JoinRequest request,
                                                       const HostNumbers& numbers,
                                                       std::string inbox) {
    record::SegmentOptions options;
    options.populatedBytes = kPopulatedBytes;
    options.maximumBytes = kMaximumBytes;
    options.isEnabled = session.segment()->isEnabled();
    options.host = numbers.host;
    auto segment = record::Segment::create(session.folder(), session.clock(), options);
    if (!segment) {
        return std::unexpected(segment.error());
    }
    return std::unique_ptr<RemoteHost>(new RemoteHost(session, std::move(request), numbers,
                                                      std::move(inbox), std::move(*segment)));
}

RemoteHost::RemoteHost(const record::SessionWriter& session, JoinRequest request,
                       const HostNumbers& numbers, std::string inbox,
                       std::shared_ptr<record::Segment> segment)
    : m_sessionOriginNs(session.clock().origin.monotonicNs)
    , m_request(std::move(request))
    , m_numbers(numbers)
    , m_inbox(std::move(inbox))
    , m_segment(std::move(segment)) {}

bool RemoteHost::isNews(std::uint64_t sequence) {
    if (sequence <= m_lastSequence) {
        return false;
    }
    m_lastSequence = sequence;
    return true;
}

record::Writer& RemoteHost::writerOf(const EventBlock& block) {
    const std::uint64_t key = std::uint64_t{block.segment} << 32 | block.stream;
    const auto known = m_writers.find(key);
    if (known != m_writers.end()) {
        return known->second;
    }
    const record::StreamInfo info{
        block.role, record::ClockKind::Monotonic,
        fmt::format("{}/{}", name().substr(0, kLongestPrefix), block.name),
        m_numbers.thread(block.pid), m_numbers.thread(block.tid)};
    return m_writers.emplace(key, record::Writer(m_segment, info)).first->second;
}

void RemoteHost::record(const std::vector<EventBlock>& blocks) {
    if (!m_segment->isEnabled()) {
        return;
    }
    for (const EventBlock& block : blocks) {
        record::Writer& writer = writerOf(block);
        for (const record::Event& told : block.events) {
            const record::Event event = m_numbers.relocated(told);
            if (event.kind() != record::EventKind::None) {
                writer.emitAt(event.stamp(), event.kind(), event.a, event.b);
            }
        }
    }
}

/// The middle of what is possible: a question and its answer take the same way.
Nanoseconds RemoteHost::offsetAt(Nanoseconds stampNs) const {
    const HostClock::Bounds bounds = m_clock.boundsAt(stampNs);
    const Nanoseconds lower = bounds.lower.value_or(bounds.upper);
    return lower + (bounds.upper - lower) / 2;
}

void RemoteHost::heardClock(const ClockAnswer& answer, Nanoseconds arrivalNs) {
    if (answer.answeredNs < answer.heardNs || answer.askedNs > arrivalNs) {
        return;
    }
    // As if it had been asked that much later: what it took to answer is no doubt about its clock.
    const Nanoseconds thinkingNs = answer.answeredNs - answer.heardNs;
    m_clock.heard(answer.answeredNs, arrivalNs, answer.askedNs + thinkingNs);
    m_firstStampNs = m_answers == 0 ? answer.answeredNs : m_firstStampNs;
    m_latestStampNs = std::max(m_latestStampNs, answer.answeredNs);
    ++m_answers;
    m_offsetNs = offsetAt(m_latestStampNs);
    m_segment->setHostTime({m_latestStampNs - answer.originNs,
                            answer.originNs + m_offsetNs - m_sessionOriginNs,
                            m_clock.estimate().drift});
}

/// By how much what the recording says of a moment may be wrong.
Nanoseconds RemoteHost::errorAt(Nanoseconds stampNs) const {
    const HostClock::Bounds bounds = m_clock.boundsAt(stampNs);
    const Nanoseconds said =
        m_offsetNs + static_cast<Nanoseconds>(m_clock.estimate().drift *
                                              static_cast<double>(stampNs - m_latestStampNs));
    return std::max(std::abs(bounds.upper - said),
                    std::abs(said - bounds.lower.value_or(bounds.upper)));
}

std::optional<std::string> RemoteHost::clockSentence() const {
    if (m_answers == 0) {
        return std::nullopt;
    }
    const Nanoseconds error = std::max(errorAt(m_firstStampNs), errorAt(m_latestStampNs));
    const double drift = m_clock.estimate().drift;
    std::string sentence = fmt::format(
        "The clock of {} was asked {} times: ours minus its is {:.3f} ms, plus or minus {:.3f} ms",
        name(), m_answers, static_cast<double>(m_offsetNs) * 1e-6,
        static_cast<double>(error) * 1e-6);
    if (drift != 0) {
        sentence +=
            fmt::format("; it {} {:.0f} ppm", drift > 0 ? "loses" : "gains", std::abs(drift) * 1e6);
    }
    return sentence + ".";
}

} // namespace interleave::models
