// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/core_time.h"

#include <algorithm>
#include <limits>

namespace interleave::collector {

using record::EventKind;

namespace {

constexpr Nanoseconds kBeginning = std::numeric_limits<Nanoseconds>::min() / 4;

class Pairing {
public:
    Pairing(CoreTime& result, Oddities& oddities)
        : m_result(result)
        , m_oddities(oddities) {}

    void take(const TimedEvent& event) {
        switch (event.kind) {
        case EventKind::SwitchedIn:
            enter(event.a, event.b, event.ns);
            break;
        case EventKind::SwitchedOut:
            leave(event.a, event.b & 0xffff, event.ns, (event.b & record::kPreempted) != 0);
            break;
        case EventKind::KernelLost:
            lose(event.b, event.ns, event.a);
            break;
        default:
            break;
        }
    }

    void finish(Nanoseconds endNs) {
        for (auto& [tid, open] : m_open) {
            if (open.isOnCore) {
                add(tid, open, std::max(open.sinceNs, endNs), false, false);
            }
        }
    }

private:
    struct Open {
        bool isOnCore = false;
        std::uint32_t core = 0;
        Nanoseconds sinceNs = 0;
    };

    void enter(std::uint32_t tid, std::uint32_t core, Nanoseconds ns) {
        if (!isKnownCore(core)) {
            return;
        }
        closeUnpaired(tid, ns);
        if (const std::uint32_t other = onCore(core); other != 0 && other != tid) {
            closeUnpaired(other, ns);
        }
        m_open[tid] = {true, core, ns};
        onCore(core) = tid;
    }

    void leave(std::uint32_t tid, std::uint32_t core, Nanoseconds ns, bool isPreempted) {
        if (!isKnownCore(core)) {
            return;
        }
        const auto [place, isFirst] = m_open.try_emplace(tid);
        Open& open = place->second;
        if (isFirst) {
            open = {true, core, kBeginning};
        } else if (!open.isOnCore) {
            ++m_oddities.unpairedSwitches;
            return;
        }
        add(tid, open, ns, isPreempted, true);
    }

    void lose(std::uint32_t core, Nanoseconds ns, std::uint32_t count) {
        m_result.lostSwitches += count;
        if (core < m_onCore.size() && m_onCore[core] != 0) {
            closeUnpaired(m_onCore[core], ns);
        }
    }

    void closeUnpaired(std::uint32_t tid, Nanoseconds ns) {
        const auto place = m_open.find(tid);
        if (place != m_open.end() && place->second.isOnCore) {
            ++m_oddities.unpairedSwitches;
            add(tid, place->second, ns, false, false);
        }
    }

    void add(std::uint32_t tid, Open& open, Nanoseconds endNs, bool isPreempted, bool isEndSeen) {
        m_result.byThread[tid].push_back({{open.sinceNs, std::max(open.sinceNs, endNs)},
                                          static_cast<std::int16_t>(open.core),
                                          isPreempted,
                                          isEndSeen});
        open.isOnCore = false;
        if (onCore(open.core) == tid) {
            onCore(open.core) = 0;
        }
    }

    bool isKnownCore(std::uint32_t core) {
        m_oddities.unknownIds += core < kMostCores ? 0 : 1;
        return core < kMostCores;
    }

    std::uint32_t& onCore(std::uint32_t core) {
        if (m_onCore.size() <= core) {
            m_onCore.resize(core + std::size_t{1}, 0);
        }
        return m_onCore[core];
    }

    CoreTime& m_result;
    Oddities& m_oddities;
    std::unordered_map<std::uint32_t, Open> m_open; // by thread
    std::vector<std::uint32_t> m_onCore;            // thread, by core; 0: none of ours
};

} // namespace

CoreTime pairSwitches(const std::vector<StreamEvents>& streams, Nanoseconds endNs,
                      Oddities& oddities) {
    std::vector<TimedEvent> switches;
    for (const StreamEvents& stream : streams) {
        for (const TimedEvent& event : stream.events) {
            if (event.kind >= EventKind::SwitchedIn && event.kind <= EventKind::KernelLost) {
                switches.push_back(event);
            }
        }
    }
    if (!std::ranges::is_sorted(switches, {}, &TimedEvent::ns)) {
        std::ranges::stable_sort(switches, {}, &TimedEvent::ns);
    }
    CoreTime result;
    result.isKnown = !switches.empty();
    Pairing pairing(result, oddities);
    for (const TimedEvent& event : switches) {
        pairing.take(event);
    }
    pairing.finish(endNs);
    return result;
}

} // namespace interleave::collector
