// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/restore_events.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace interleave::chrome_trace {

using recording::Span;
using recording::TrackKind;

namespace {

std::optional<State> stateOf(std::string_view name) {
    static constexpr std::string_view kRunning = "running"; // most are
    return name == kRunning ? std::optional(State::Running) : stateNamed(name);
}

std::string placeKey(std::int64_t pid, std::string_view name) {
    return std::to_string(pid) + ' ' + std::string(name);
}

template <class Number>
void setNumber(std::string_view value, Number& number) {
    if (const auto parsed = parseInteger(value); parsed && std::in_range<Number>(*parsed)) {
        number = static_cast<Number>(*parsed);
    }
}

/// Fields that an event lacks hold what the one before had.
std::string_view categoryOf(const Event& event) {
    return event.has(Event::Category) ? event.category : std::string_view();
}

template <class Function>
void forEachArg(const Event& event, Function&& function) {
    if (event.has(Event::Args)) {
        forEachField(event.args, function);
    }
}

class Reader {
public:
    Reader(const RestoreLookup& lookup, const char* textBegin, RestorePiece& piece)
        : m_lookup(lookup)
        , m_textBegin(textBegin)
        , m_piece(piece) {}

    void take(const Event& event) {
        if (!event.has(Event::Time) || !event.has(Event::Name)) {
            return;
        }
        if (event.has(Event::TimeOutOfRange) || event.has(Event::DurationOutOfRange)) {
            m_piece.faults.add(Fault::TimeOutOfRange);
            return;
        }
        switch (event.phase) {
        case 'X':
            takeSlice(event);
            break;
        case 'b':
            takeAsync(event);
            break;
        case 's':
            takeLink(event);
            break;
        case 'C':
            takePoint(event);
            break;
        case 'i':
        case 'n':
            takeInstant(event);
            break;
        default:
            break; // ends, names: said by the begins and by the head
        }
    }

    void finish() {
        recording::SpanPacker packer;
        for (auto& [key, spans] : m_spans) {
            if (spans.empty()) {
                continue;
            }
            const std::size_t deepest = std::ranges::max_element(spans, {}, &Span::depth)->depth;
            if (deepest > kPlainDepth + spans.size()) {
                m_piece.deepSpans.emplace_back(key, std::move(spans));
                continue;
            }
            const auto order = [](const Span& span) {
                return std::pair(span.depth, span.range.beginNs);
            };
            if (!std::ranges::is_sorted(spans, {}, order)) {
                std::ranges::stable_sort(spans, {}, order);
            }
            for (const Span& span : spans) {
                packer.push(span);
            }
            m_piece.spans.emplace_back(key, packer.finish());
        }
    }

private:
    std::uint32_t nameNumber(std::string_view raw) {
        return raw.empty() ? 0 : m_piece.names.numberOf(raw) + 1;
    }
    static std::uint32_t rawName(std::string_view value) {
        const auto number = parseInteger(value);
        return number && *number > 0 && *number < kRawNames
                   ? kRawNames + static_cast<std::uint32_t>(*number)
                   : 0;
    }
    std::uint64_t detailOf(const Event& event) {
        m_piece.hasDetails = true;
        return static_cast<std::uint64_t>(event.begin - m_textBegin);
    }

    void takeSlice(const Event& event) {
        const RestoredThread* thread = m_lookup.thread(event);
        const auto state = stateOf(categoryOf(event));
        if (thread == nullptr || !state) {
            return; // the anchors of links, and what others have added
        }
        Span span{.state = *state};
        if (thread->kind == TrackKind::Worker) {
            span.worker = WorkerId{thread->subject};
        } else if (thread->kind == TrackKind::Core) {
            span.core = static_cast<std::int16_t>(thread->subject);
        }
        takeSpan(event, event.has(Event::Duration) ? event.duration : Decimal{}, span,
                 trackKey(thread->kind, thread->subject));
    }

    void takeAsync(const Event& event) {
        const bool isTask = categoryOf(event) == "task";
        if ((!isTask && categoryOf(event) != "queue") || !event.has(Event::Id) ||
            event.id.size() < 2) {
            return;
        }
        const std::string_view number = event.id.substr(1, event.id.find('.') - 1);
        std::uint32_t subject = 0;
        setNumber(number, subject);
        const RestoredHead& head = m_lookup.head();
        if (subject < 1 || subject > (isTask ? head.tasks : head.objects)) {
            m_piece.faults.add(Fault::Malformed);
            return;
        }
        std::optional<State> state;
        Decimal duration;
        forEachArg(event, [&](std::string_view key, std::string_view value) {
            if (key == "state") {
                state = stateOf(unquoted(value));
            } else if (key == "dur" && parseMicroseconds(value, duration) != NumberKind::Number) {
                duration = {};
            }
        });
        if (!state) {
            return; // the slice around the others
        }
        Span span{.state = *state};
        if (isTask) {
            span.task = TaskId{subject};
        }
        takeSpan(event, duration, span,
                 trackKey(isTask ? TrackKind::Task : TrackKind::Queue, subject));
    }

    void takeSpan(const Event& event, Decimal duration, Span& span, TrackKey key) {
        const bool hasItsName =
            span.state == State::Running || span.state == State::Held || span.state == State::Other;
        bool isUnnamed = !hasItsName;
        std::uint32_t step = 0;
        std::uint32_t rawStep = 0;
        std::uint32_t rawCause = 0;
        if (event.has(Event::Args)) {
            forEachArg(event, [&](std::string_view name, std::string_view value) {
                if (name == "task") {
                    setNumber(value, span.task.value);
                } else if (name == "worker") {
                    setNumber(value, span.worker.value);
                } else if (name == "core") {
                    setNumber(value, span.core);
                } else if (name == "step") {
                    step = nameNumber(unquoted(value));
                } else if (name == "cause") {
                    span.cause.value = nameNumber(unquoted(value));
                } else if (name == "depth") {
                    setNumber(value, span.depth);
                } else if (name == "unnamed") {
                    isUnnamed = true;
                } else if (name == "preempted") {
                    span.isPreempted = true;
                } else if (name == "unfinished") {
                    span.isUnfinished = true;
                } else if (name == "name_id") {
                    rawStep = rawName(value);
                } else if (name == "cause_id") {
                    rawCause = rawName(value);
                } else if (name == "detail") {
                    span.detail = detailOf(event);
                }
            });
        }
        span.name.value = rawStep != 0 ? rawStep : isUnnamed ? step : nameNumber(event.name);
        span.cause.value = rawCause != 0 ? rawCause : span.cause.value;
        const Nanoseconds begin = event.time.rounded();
        const Nanoseconds length = std::max<Nanoseconds>(0, durationFrom(event.time, duration));
        span.range = {begin, begin + length};
        spansOf(key).push_back(span);
    }

    std::vector<Span>& spansOf(TrackKey key) {
        if (m_spans.empty() || m_spans[m_current].first != key) {
            const auto [found, isNew] = m_places.try_emplace(key, m_spans.size());
            m_current = found->second;
            if (isNew) {
                m_spans.push_back({key, {}});
            }
        }
        return m_spans[m_current].second;
    }

    /// "[time, task, worker]"
    void takeLinkEnd(std::string_view list, recording::LinkEnd& end) const {
        std::array<std::int64_t, 3> numbers{};
        std::size_t count = 0;
        while (count < numbers.size()) {
            const std::size_t first = list.find_first_of("-0123456789");
            if (first == std::string_view::npos) {
                break;
            }
            list.remove_prefix(first);
            const std::size_t length = std::min(list.find_first_not_of("-0123456789"), list.size());
            numbers[count++] = parseInteger(list.substr(0, length)).value_or(0);
            list.remove_prefix(length);
        }
        end.timeNs = std::clamp(numbers[0], -kLatest, kLatest);
        end.task = idWithin<TaskId>(numbers[1], m_lookup.head().tasks);
        end.worker = idWithin<WorkerId>(numbers[2], m_lookup.head().workers);
    }

    template <class IdType>
    static IdType idWithin(std::int64_t value, std::size_t count) {
        return value > 0 && static_cast<std::uint64_t>(value) <= count
                   ? IdType{static_cast<std::uint32_t>(value)}
                   : IdType{};
    }

    void takeLink(const Event& event) {
        using recording::LinkKind;
        static constexpr std::array kKinds{
            LinkKind::Submit, LinkKind::Spawn,     LinkKind::Steal, LinkKind::Handoff,
            LinkKind::Wake,   LinkKind::Deliver,   LinkKind::Flow,  LinkKind::Redeliver,
            LinkKind::Ack,    LinkKind::DeadLetter};
        const auto kind = std::ranges::find_if(
            kKinds, [&](LinkKind each) { return recording::nameOf(each) == categoryOf(event); });
        if (kind == kKinds.end()) {
            return;
        }
        recording::Link link{.kind = *kind};
        forEachArg(event, [&](std::string_view key, std::string_view value) {
            if (key == "from") {
                takeLinkEnd(value, link.from);
            } else if (key == "to") {
                takeLinkEnd(value, link.to);
            } else if (key == "object") {
                link.object =
                    idWithin<ObjectId>(parseInteger(value).value_or(0), m_lookup.head().objects);
            } else if (key == "forced") {
                link.isForced = true;
            }
        });
        m_piece.links.push_back(link);
    }

    void takePoint(const Event& event) {
        const std::size_t counter = m_lookup.counter(event);
        if (counter == m_lookup.head().counters.size()) {
            return; // derived from spans
        }
        RestoredPoint point{counter, event.time.rounded(), 0};
        forEachArg(event, [&](std::string_view, std::string_view value) {
            const std::string_view text = unquoted(value); // "nan" and "inf" are strings
            std::from_chars(text.data(), text.data() + text.size(), point.value);
        });
        m_piece.points.push_back(point);
    }

    void takeInstant(const Event& event) {
        if (categoryOf(event) == "switch") {
            takeSwitch(event);
            return;
        }
        if (categoryOf(event) == "message") {
            takeMessage(event);
            return;
        }
        recording::Mark mark{.timeNs = event.time.rounded()};
        bool isOurs = false;
        bool isUnnamed = false;
        std::uint32_t raw = 0;
        forEachArg(event, [&](std::string_view key, std::string_view value) {
            if (key == "track") {
                isOurs = true;
                setNumber(value, mark.track.value);
            } else if (key == "pid") {
                setNumber(value, mark.pid);
            } else if (key == "unnamed") {
                isUnnamed = true;
            } else if (key == "name_id") {
                raw = rawName(value);
            } else if (key == "detail") {
                mark.detail = detailOf(event);
            }
        });
        if (isOurs) {
            mark.name.value = raw != 0 ? raw : isUnnamed ? 0 : nameNumber(event.name);
            m_piece.marks.push_back(mark);
        }
    }

    void takeSwitch(const Event& event) {
        recording::Switch leave{.timeNs = event.time.rounded()};
        forEachArg(event, [&](std::string_view key, std::string_view value) {
            if (key == "worker") {
                leave.worker =
                    idWithin<WorkerId>(parseInteger(value).value_or(0), m_lookup.head().workers);
            } else if (key == "core") {
                setNumber(value, leave.core);
            } else if (key == "preempted") {
                leave.isPreempted = true;
            }
        });
        m_piece.switches.push_back(leave);
    }

    void takeMessage(const Event& event) {
        std::size_t step = 0;
        while (step <= static_cast<std::size_t>(recording::MessageStep::Lost) &&
               recording::nameOf(static_cast<recording::MessageStep>(step)) != event.name) {
            ++step;
        }
        recording::MessageEvent message{.timeNs = event.time.rounded()};
        forEachArg(event, [&](std::string_view key, std::string_view value) {
            const auto idIn = [&](std::size_t count) {
                return idWithin<ObjectId>(parseInteger(value).value_or(0), count).value;
            };
            if (key == "message") {
                setNumber(value, message.message);
            } else if (key == "object") {
                message.object.value = idIn(m_lookup.head().objects);
            } else if (key == "task") {
                message.task.value = idIn(m_lookup.head().tasks);
            } else if (key == "worker") {
                message.worker.value = idIn(m_lookup.head().workers);
            } else if (key == "redelivered") {
                message.isRedelivered = true;
            }
        });
        if (message.message != 0 &&
            step <= static_cast<std::size_t>(recording::MessageStep::Lost)) {
            message.step = static_cast<recording::MessageStep>(step);
            m_piece.messages.push_back(message);
        }
    }

    const RestoreLookup& m_lookup;
    const char* m_textBegin;
    RestorePiece& m_piece;
    std::vector<std::pair<TrackKey, std::vector<Span>>> m_spans;
    std::unordered_map<TrackKey, std::size_t> m_places;
    std::size_t m_current = 0;
};

} // namespace

RestoreLookup::RestoreLookup(const RestoredHead& head)
    : m_head(head) {
    for (std::size_t i = 0; i < head.threads.size(); ++i) {
        const ThreadPlace& place = head.threads[i].place;
        m_threads.try_emplace(std::uint64_t{place.pid} << 32 | place.tid, i);
    }
    for (std::size_t i = 0; i < head.counterPlaces.size(); ++i) {
        const CounterPlace& place = head.counterPlaces[i];
        m_counters.try_emplace(placeKey(place.pid, place.name), i);
    }
}

const RestoredThread* RestoreLookup::thread(const Event& event) const {
    const auto pid = static_cast<std::uint64_t>(event.pid.number);
    const auto tid = static_cast<std::uint64_t>(event.tid.number);
    if ((pid | tid) >> 32 != 0) {
        return nullptr;
    }
    const auto found = m_threads.find(pid << 32 | tid);
    return found == m_threads.end() ? nullptr : &m_head.threads[found->second];
}

std::size_t RestoreLookup::counter(const Event& event) const {
    const bool isPlain = event.name.find('\\') == std::string_view::npos;
    const auto found = isPlain
                           ? m_counters.find(placeKey(event.pid.number, event.name))
                           : m_counters.find(placeKey(event.pid.number, decodeString(event.name)));
    return found == m_counters.end() ? m_head.counters.size() : found->second;
}

RestorePiece readPiece(const RestoreLookup& lookup, const char* textBegin, const char* begin,
                       const char* end, const char* limit) {
    RestorePiece piece;
    ShapedReader shapes;
    Reader reader(lookup, textBegin, piece);
    piece.stop = readEvents(shapes, begin, end, limit, piece.faults,
                            [&](const Event& event) { reader.take(event); });
    reader.finish();
    return piece;
}

} // namespace interleave::chrome_trace
