// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/switch_stream.h"

#include <algorithm>
#include <utility>

namespace interleave::record {

SwitchStream::SwitchStream(Writer writer, const SwitchStart& start)
    : m_writer(std::move(writer))
    , m_startNs(start.timeNs)
    , m_unknown(start.others) {
    if (start.thread != 0) {
        enter(start.timeNs, start.thread, start.core);
    }
}

SwitchStream::Core& SwitchStream::coreAt(std::uint16_t core) {
    if (core >= m_cores.size()) {
        m_cores.resize(std::size_t{core} + 1);
    }
    return m_cores[core];
}

void SwitchStream::enter(std::int64_t timeNs, std::uint32_t thread, std::uint16_t core) {
    m_writer.emitAt(m_writer.stampOfMonotonic(timeNs), EventKind::SwitchedIn, thread, core);
    m_onCore[thread] = core;
    coreAt(core).sinceNs = timeNs;
}

void SwitchStream::leave(std::int64_t timeNs, std::uint32_t thread, std::uint16_t core,
                         bool isPreempted) {
    m_writer.emitAt(m_writer.stampOfMonotonic(timeNs), EventKind::SwitchedOut, thread,
                    core | (isPreempted ? kPreempted : 0));
    m_onCore.erase(thread);
    Core& account = coreAt(core);
    if (account.sinceNs >= 0) {
        account.spentNs += timeNs - account.sinceNs;
        account.sinceNs = -1;
    }
}

void SwitchStream::end(const KernelRecord& record) {
    if (const auto place = m_onCore.find(record.id); place != m_onCore.end()) {
        leave(record.timeNs, record.id, place->second, false);
    }
}

void SwitchStream::lose(const KernelRecord& record) {
    m_lostRecords += record.id;
    m_writer.emitAt(m_writer.stampOfMonotonic(record.timeNs), EventKind::KernelLost, record.id,
                    record.core);
    // Who is on the core is not known until the next switch.
    coreAt(record.core).sinceNs = -1;
    std::erase_if(m_onCore, [&](const auto& entry) { return entry.second == record.core; });
}

void SwitchStream::write(const std::vector<KernelRecord>& records,
                         std::vector<std::uint32_t>& forked) {
    using Kind = KernelRecord::Kind;
    for (const KernelRecord& record : records) {
        const bool isOut = record.kind == Kind::Out || record.kind == Kind::Preempted;
        if (!m_unknown.empty() && (isOut || record.kind == Kind::In)) {
            // The first record of a thread of the beginning: leaving a core, it was there before.
            if (std::erase(m_unknown, record.id) > 0 && isOut) {
                enter(m_startNs, record.id, record.core);
            }
        }
        if (isOut) {
            // The caller may have moved while the events were being opened.
            const auto place = m_onCore.find(record.id);
            if (place != m_onCore.end() && place->second != record.core) {
                leave(record.timeNs, record.id, place->second, true);
                enter(record.timeNs, record.id, record.core);
            }
            leave(record.timeNs, record.id, record.core, record.kind == Kind::Preempted);
        } else if (record.kind == Kind::In) {
            enter(record.timeNs, record.id, record.core);
        } else if (record.kind == Kind::Ended) {
            end(record);
        } else if (record.kind == Kind::Forked) {
            forked.push_back(record.id);
        } else {
            lose(record);
        }
    }
}

std::vector<std::int64_t> SwitchStream::coreNs(std::int64_t nowNs) const {
    std::vector<std::int64_t> spent;
    for (const Core& core : m_cores) {
        spent.push_back(core.spentNs +
                        (core.sinceNs < 0 ? 0 : std::max<std::int64_t>(0, nowNs - core.sinceNs)));
    }
    return spent;
}

} // namespace interleave::record
