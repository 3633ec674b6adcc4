// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/python/agent/lock_history.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace interleave::agent {

namespace {

struct Moment {
    std::int64_t at = 0;
    std::uint32_t tid = 0;
    Event event;
};

std::vector<Moment> momentsOf(const RecordedProgram& program, const RecordedProcess& process,
                              std::vector<std::string>& faults) {
    std::vector<Moment> moments;
    for (const ReadStream& stream : process.streams) {
        for (const Event& event : stream.events) {
            if (event.kind() != EventKind::Text) {
                moments.push_back(
                    {program.monotonicNs(stream, event.stamp()), stream.header.tid, event});
            }
            if (event.kind() == EventKind::Dropped) {
                faults.push_back("events were dropped");
            }
        }
    }
    std::ranges::stable_sort(moments, {}, &Moment::at);
    return moments;
}

void readNames(const RecordedProcess& process, LockHistory& into) {
    for (const ReadStream& stream : process.streams) {
        for (std::size_t i = 0; i < stream.events.size(); ++i) {
            const Event& event = stream.events[i];
            if (event.kind() != EventKind::ObjectNamed) {
                continue;
            }
            const std::string text = textAt(stream.events, i);
            const std::size_t zero = text.find('\0');
            if (into.objects.size() < event.a) {
                into.objects.resize(event.a);
            }
            into.objects[event.a - 1] = {
                event.a, text.substr(0, zero), text.substr(zero + 1), {}, {}, {}};
        }
    }
}

} // namespace

std::size_t LockHistory::Object::mostHolds() const {
    std::vector<std::pair<std::int64_t, int>> changes;
    for (const Hold& hold : holds) {
        changes.emplace_back(hold.begin, 1);
        changes.emplace_back(hold.end, -1); // sorts before a begin at the same moment
    }
    std::ranges::sort(changes);
    int now = 0;
    int most = 0;
    for (const auto& [at, change] : changes) {
        now += change;
        most = std::max(most, now);
    }
    return static_cast<std::size_t>(most);
}

std::size_t LockHistory::Object::overlaps() const {
    std::size_t count = 0;
    for (std::size_t i = 1; i < holds.size(); ++i) {
        count += holds[i - 1].end > holds[i].begin;
    }
    return count;
}

const LockHistory::Object* LockHistory::named(std::string_view name) const {
    const auto found = std::ranges::find(objects, name, &Object::name);
    if (found == objects.end()) {
        ADD_FAILURE() << "no object is named " << name << "\n" << text();
        return nullptr;
    }
    return &*found;
}

std::vector<const LockHistory::Object*> LockHistory::ofKind(std::string_view kind) const {
    std::vector<const Object*> found;
    for (const Object& object : objects) {
        if (object.kind == kind) {
            found.push_back(&object);
        }
    }
    return found;
}

std::string LockHistory::text() const {
    std::ostringstream all;
    for (const Object& object : objects) {
        all << object.number << " " << object.kind << " '" << object.name
            << "': " << object.holds.size() << " holds, " << object.waits.size() << " waits, "
            << object.releases.size() << " releases\n";
    }
    for (const std::string& fault : faults) {
        all << "fault: " << fault << "\n";
    }
    return all.str();
}

LockHistory lockHistory(const RecordedProgram& program, const RecordedProcess& process) {
    LockHistory history;
    readNames(process, history);
    std::vector<Moment> moments = momentsOf(program, process, history.faults);
    if (moments.empty()) {
        return history;
    }
    history.end = moments.back().at;
    std::map<std::uint32_t, std::vector<std::size_t>> open; // holds of each object, oldest first
    for (const Moment& moment : moments) {
        const EventKind kind = moment.event.kind();
        if (kind != EventKind::LockAcquired && kind != EventKind::LockReleased &&
            kind != EventKind::LockWaited && kind != EventKind::LockGaveUp) {
            continue;
        }
        const std::uint32_t number = moment.event.b & 0xffff;
        if (number == 0 || number > history.objects.size() ||
            history.objects[number - 1].number == 0) {
            history.faults.push_back("an object without a name: " + std::to_string(number));
            continue;
        }
        auto& object = history.objects[number - 1];
        if (object.kind == "gil") {
            continue;
        }
        const auto endWait = [&](bool gotIt) {
            const auto wait =
                std::find_if(object.waits.rbegin(), object.waits.rend(), [&](const auto& one) {
                    return !one.isClosed && one.tid == moment.tid;
                });
            if (wait != object.waits.rend()) {
                wait->end = moment.at;
                wait->gotIt = gotIt;
                wait->isClosed = true;
            }
            return wait != object.waits.rend();
        };
        const bool isHeld = object.kind != "condition" && object.kind != "barrier";
        if (kind == EventKind::LockWaited) {
            object.waits.push_back(
                {moment.tid, moment.event.a, moment.at, history.end, false, false});
        } else if (kind == EventKind::LockGaveUp) {
            if (!endWait(false)) {
                history.faults.push_back(object.name + " was given up by who did not wait");
            }
        } else if (kind == EventKind::LockAcquired) {
            const auto how = static_cast<record::Acquisition>(moment.event.b >> 16);
            const bool waited = endWait(true);
            if (how != record::Acquisition::Free && !waited) {
                history.faults.push_back(object.name + " was handed to who did not wait");
            }
            if (isHeld) {
                open[number].push_back(object.holds.size());
                object.holds.push_back({moment.tid, moment.at, history.end, how, false});
            }
        } else {
            object.releases.push_back({moment.tid, moment.at});
            std::vector<std::size_t>& candidates = open[number];
            auto index = std::ranges::find_if(
                candidates, [&](std::size_t i) { return object.holds[i].tid == moment.tid; });
            if (index == candidates.end()) {
                index = candidates.begin();
            }
            if (index != candidates.end()) {
                LockHistory::Hold& hold = object.holds[*index];
                hold.end = moment.at;
                hold.isClosed = true;
                candidates.erase(index);
            } else if (isHeld && object.kind != "semaphore") {
                history.faults.push_back(object.name + " was released by who did not hold it");
            }
        }
    }
    return history;
}

std::vector<CallSpan> callsOf(const RecordedProgram& program, const ReadStream& stream) {
    std::vector<CallSpan> calls;
    for (const Event& event : stream.events) {
        const std::int64_t at = program.monotonicNs(stream, event.stamp());
        const bool isOpen = !calls.empty() && !calls.back().isClosed;
        switch (event.kind()) {
        case EventKind::CallBegan:
            calls.push_back({static_cast<record::BlockingCall>(event.b), event.a, at, at, false});
            break;
        case EventKind::CallEnded:
        case EventKind::LockWaited:
        case EventKind::LockAcquired:
            if (isOpen) {
                calls.back().end = at;
                calls.back().isClosed = true;
            }
            break;
        default:
            if (isOpen) {
                calls.back().end = at;
            }
        }
    }
    return calls;
}

} // namespace interleave::agent
