// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/recording_sketch.h"

#include "engine/base/check.h"
#include "engine/recording/recording_builder.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <vector>

namespace interleave::support {

using recording::Recording;
using recording::RecordingBuilder;
using recording::Span;
using recording::Track;
using recording::TrackKind;

namespace {

struct Letter {
    char letter;
    State state;
};
constexpr Letter kLetters[] = {
    {'R', State::Running},     {'C', State::Ready},     {'G', State::WaitingGil},
    {'L', State::WaitingLock}, {'I', State::WaitingIo}, {'z', State::Sleeping},
    {'T', State::Transfer},    {'S', State::Starting},  {'Q', State::Queued},
    {'V', State::Reserved},    {'s', State::Suspended}, {'B', State::Blocked},
    {'r', State::Retrying},    {'d', State::Done},      {'f', State::Failed},
    {'x', State::Cancelled},
};

State stateOfLetter(char letter) {
    const auto* const found = std::ranges::find(kLetters, letter, &Letter::letter);
    CHECK(found != std::end(kLetters));
    return found->state;
}

constexpr bool isBlank(char letter) {
    return letter == '.' || letter == ' ';
}

struct Row {
    std::string label;
    std::string units;
    std::map<std::string, std::string> overlays; // "task" -> units

    char overlay(const std::string& name, std::size_t unit) const {
        const auto found = overlays.find(name);
        return found == overlays.end() || unit >= found->second.size() ? '.' : found->second[unit];
    }
};

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::vector<Row> rowsOf(std::string_view text) {
    std::vector<Row> rows;
    while (!text.empty()) {
        const auto lineEnd = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, lineEnd);
        text.remove_prefix(std::min(lineEnd + 1, text.size()));
        if (trimmed(line).empty()) {
            continue;
        }
        const auto colon = line.find(':');
        CHECK(colon != std::string_view::npos);
        std::string label = trimmed(line.substr(0, colon));
        std::string units = trimmed(line.substr(colon + 1));
        if (const auto slash = label.find('/'); slash != std::string::npos) {
            const auto row = std::ranges::find(rows, label.substr(0, slash), &Row::label);
            CHECK(row != rows.end());
            row->overlays[label.substr(slash + 1)] = units;
        } else {
            rows.push_back({label, units, {}});
        }
    }
    return rows;
}

std::optional<std::uint32_t> numberAfter(std::string_view label, std::string_view prefix) {
    if (!label.starts_with(prefix) || label.size() == prefix.size()) {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    const char* const end = label.data() + label.size();
    const auto [rest, error] = std::from_chars(label.data() + prefix.size(), end, number);
    return error == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

bool isObject(std::string_view label) {
    return label.starts_with("lock ") || label.starts_with("gil ") ||
           label.starts_with("semaphore ") || label.starts_with("queue ");
}

bool isTask(std::string_view label) {
    return !isObject(label) && !numberAfter(label, "w") && !numberAfter(label, "core ");
}

/// Turns rows into spans; a class because every row needs the ids of the others.
class Sketcher {
public:
    Sketcher(std::vector<Row> rows, Nanoseconds unitNs)
        : m_rows(std::move(rows))
        , m_unitNs(unitNs) {}

    std::shared_ptr<const Recording> build() {
        for (const Row& row : m_rows) {
            declare(row);
        }
        for (const Row& row : m_rows) {
            fill(row);
        }
        m_builder.info().scenario = "sketch";
        m_builder.info().source = recording::Source::Simulated;
        return m_builder.finish();
    }

private:
    void declare(const Row& row) {
        if (isTask(row.label)) {
            const std::size_t last = row.units.find_last_not_of(". ");
            recording::TaskInfo task{row.label, row.label, State::Done, 0, 0};
            if (last != std::string::npos) {
                const State final = stateOfLetter(row.units[last]);
                task.end = isEnd(final) ? final : State::Done;
                task.endNs = time(isEnd(final) ? last : last + 1);
                task.submittedNs = time(row.units.find_first_not_of(". "));
            }
            m_tasks.emplace(row.label[0], m_builder.addTask(task));
        } else if (const auto number = numberAfter(row.label, "w")) {
            const std::uint32_t tid = 100 + *number;
            const WorkerId id = m_builder.addWorker(
                {.name = row.label, .pid = 100, .tid = tid, .life = {0, time(row.units.size())}});
            m_workers.emplace(static_cast<char>('0' + *number % 10), id);
        } else if (isObject(row.label)) {
            const auto space = row.label.find(' ');
            m_objects[row.label] =
                m_builder.addObject({row.label.substr(space + 1), row.label.substr(0, space), 1});
        }
    }

    Span spanAt(const Row& row, std::size_t unit) const {
        const char letter = row.units[unit];
        Span span;
        if (isTask(row.label) || numberAfter(row.label, "w")) {
            span.state = stateOfLetter(letter);
            span.task = idOf(m_tasks, isTask(row.label) ? row.label[0] : row.overlay("task", unit));
            span.worker =
                idOf(m_workers,
                     numberAfter(row.label, "w") ? row.label.back() : row.overlay("worker", unit));
            if (const char core = row.overlay("core", unit); core >= '0' && core <= '9') {
                span.core = static_cast<std::int16_t>(core - '0');
            }
            return span;
        }
        if (const auto core = numberAfter(row.label, "core ")) {
            span.core = static_cast<std::int16_t>(*core);
            span.state = letter == '#' ? State::Other : State::Running;
        } else {
            span.state = row.label.starts_with("queue ") ? State::Queued : State::Held;
        }
        span.task = idOf(m_tasks, letter);
        span.worker = idOf(m_workers, row.overlay("worker", unit));
        return span;
    }

    void fill(const Row& row) {
        for (std::size_t unit = 0; unit < row.units.size();) {
            if (isBlank(row.units[unit]) || (isTask(row.label) && isEndMark(row.units[unit]))) {
                ++unit;
                continue;
            }
            std::size_t end = unit + 1;
            while (end < row.units.size() && isSame(row, unit, end)) {
                ++end;
            }
            Span span = spanAt(row, unit);
            span.range = {time(unit), time(end)};
            add(row, span);
            unit = end;
        }
    }

    void add(const Row& row, const Span& span) {
        if (isTask(row.label)) {
            m_builder.addTaskSpan(span);
        } else if (numberAfter(row.label, "w")) {
            m_builder.addWorkerSpan(span);
        } else if (numberAfter(row.label, "core ")) {
            m_builder.addCoreSpan(span);
        } else {
            m_builder.addObjectSpan(m_objects.at(row.label), span);
        }
    }

    static bool isEndMark(char letter) { return isEnd(stateOfLetter(letter)); }

    static bool isSame(const Row& row, std::size_t a, std::size_t b) {
        return row.units[a] == row.units[b] &&
               std::ranges::all_of(row.overlays, [&](const auto& overlay) {
                   return row.overlay(overlay.first, a) == row.overlay(overlay.first, b);
               });
    }

    template <class AnyId>
    static AnyId idOf(const std::map<char, AnyId>& ids, char letter) {
        const auto found = ids.find(letter);
        return found == ids.end() ? AnyId{} : found->second;
    }

    Nanoseconds time(std::size_t unit) const { return static_cast<Nanoseconds>(unit) * m_unitNs; }

    std::vector<Row> m_rows;
    Nanoseconds m_unitNs;
    RecordingBuilder m_builder;
    std::map<char, TaskId> m_tasks;     // by the first letter of the name
    std::map<char, WorkerId> m_workers; // by the last digit of the label
    std::map<std::string, ObjectId> m_objects;
};

std::string labelOf(const Recording& recording, const Track& track) {
    if (track.kind == TrackKind::Lock || track.kind == TrackKind::Queue) {
        return fmt::format("{} {}", recording.object(ObjectId{track.subject}).kind, track.name);
    }
    return track.name;
}

char unitLetter(const Recording& recording, const Track& track, const Span& span) {
    const char task = span.task ? recording.task(span.task).name[0] : '?';
    switch (track.kind) {
    case TrackKind::Task:
    case TrackKind::Worker:
        return letterOf(span.state);
    case TrackKind::Core:
        return span.state == State::Other ? '#' : task;
    case TrackKind::Lock:
        return task;
    case TrackKind::Queue:
        return static_cast<char>('1' + span.depth % 9);
    }
    return '?';
}

/// One character per unit, chosen from the span at the unit's begin.
template <class Choose>
std::string unitsOf(const Track& track, Nanoseconds unitNs, Nanoseconds endNs, Choose&& choose) {
    std::string units;
    for (Nanoseconds at = 0; at < endNs; at += unitNs) {
        std::optional<std::size_t> earliest; // of several at once
        track.spans.forEachIn({at, at + 1}, [&](std::size_t i) {
            if (!earliest || track.spans.begin[i] < track.spans.begin[*earliest]) {
                earliest = i;
            }
        });
        units.push_back(earliest ? choose(track.spans.at(*earliest)) : '.');
    }
    units.erase(units.find_last_not_of('.') + 1);
    return units;
}

void appendRow(std::string& text, const std::string& label, const std::string& units) {
    if (!units.empty()) {
        text += fmt::format("{}: {}\n", label, units);
    }
}

void appendOverlays(std::string& text, const Recording& recording, const Track& track,
                    Nanoseconds unitNs, Nanoseconds endNs) {
    const auto worker = [&](const Span& span) {
        return span.worker ? recording.worker(span.worker).name.back() : '.';
    };
    const auto task = [&](const Span& span) {
        return span.task ? recording.task(span.task).name[0] : '.';
    };
    const auto core = [](const Span& span) {
        return span.core < 0 ? '.' : static_cast<char>('0' + span.core % 10);
    };
    const std::string label = labelOf(recording, track);
    if (track.kind == TrackKind::Worker) {
        appendRow(text, label + "/task", unitsOf(track, unitNs, endNs, task));
    } else if (track.kind != TrackKind::Queue) {
        appendRow(text, label + "/worker", unitsOf(track, unitNs, endNs, worker));
    }
    if (track.kind == TrackKind::Task || track.kind == TrackKind::Worker) {
        appendRow(text, label + "/core", unitsOf(track, unitNs, endNs, core));
    }
}

} // namespace

char letterOf(State state) {
    const auto* const found = std::ranges::find(kLetters, state, &Letter::state);
    return found == std::end(kLetters) ? '?' : found->letter;
}

std::shared_ptr<const Recording> sketch(std::string_view text, Nanoseconds unitNs) {
    return Sketcher(rowsOf(text), unitNs).build();
}

std::string drawn(const Recording& recording, DrawOptions options) {
    std::string text;
    for (const Track& track : recording.tracks) {
        std::string units =
            unitsOf(track, options.unitNs, recording.range.endNs,
                    [&](const Span& span) { return unitLetter(recording, track, span); });
        if (units.empty()) {
            continue;
        }
        if (track.kind == TrackKind::Task) {
            const recording::TaskInfo& task = recording.task(TaskId{track.subject});
            units.resize(
                static_cast<std::size_t>(std::max<Nanoseconds>(task.endNs / options.unitNs, 0)),
                '.');
            units.push_back(letterOf(task.end));
        }
        appendRow(text, labelOf(recording, track), units);
        if (options.hasOverlays) {
            appendOverlays(text, recording, track, options.unitNs, recording.range.endNs);
        }
    }
    return text;
}

} // namespace interleave::support
