// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that occurs more than once is quoted once; columns are unpacked a block at a time.
#include "engine/analysis/span_csv.h"

#include <algorithm>
#include <array>
#include <vector>

namespace interleave::analysis {

using recording::kBlockValues;
using recording::Recording;
using recording::SpanColumns;
using recording::StateColumn;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr std::size_t kWrittenSpans = 8192;

void appendField(std::string& text, std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
        text += field;
        return;
    }
    text += '"';
    for (const char c : field) {
        text += c;
        if (c == '"') {
            text += '"';
        }
    }
    text += '"';
}

/// Quoted fields with the comma behind them.
class Fields {
public:
    /// The first field stands for "none".
    Fields() { add({}); }
    void add(std::string_view field) {
        appendField(m_text, field);
        m_text += ',';
        m_longest = std::max(m_longest, m_text.size() - m_ends.back());
        m_ends.push_back(m_text.size());
    }
    void finish() { m_text.append(32, ' '); } // what writeShort may read
    std::string_view operator[](std::size_t index) const {
        return std::string_view(m_text.data() + m_ends[index], m_ends[index + 1] - m_ends[index]);
    }
    std::size_t longest() const { return m_longest; }

private:
    std::string m_text;
    std::vector<std::size_t> m_ends{0};
    std::size_t m_longest = 0;
};

/// Some spans of one lane.
struct Part {
    const Track* track = nullptr;
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t depth = 0;
};

class CsvWriter {
public:
    CsvWriter(const Recording& recording, std::optional<TrackKind> kind) {
        for (const recording::TaskInfo& task : recording.tasks) {
            m_tasks.add(task.name);
        }
        for (const recording::WorkerInfo& worker : recording.workers) {
            m_workers.add(worker.name);
        }
        for (std::uint32_t id = 1; id < recording.strings.size(); ++id) {
            m_strings.add(recording.strings.text(StringId{id}));
        }
        for (int state = 0; state < kStateCount; ++state) {
            m_states.add(nameOf(static_cast<State>(state)));
        }
        for (Fields* fields : {&m_tasks, &m_workers, &m_strings, &m_states}) {
            fields->finish();
        }
        for (const Track& track : recording.tracks) {
            if (!kind || track.kind == *kind) {
                addParts(track);
            }
        }
        planJobs();
    }

    std::size_t jobCount() const { return m_jobs.size(); }
    void write(std::size_t job, TextBuffer& to) const {
        const std::size_t end = job + 1 < m_jobs.size() ? m_jobs[job + 1] : m_parts.size();
        for (std::size_t i = m_jobs[job]; i < end; ++i) {
            write(m_parts[i], to);
        }
    }

private:
    void addParts(const Track& track) {
        const auto lanes = track.spans.lanes();
        for (std::size_t depth = 0; depth < lanes.size(); ++depth) {
            for (std::size_t i = lanes[depth].first; i < lanes[depth].end(); i += kWrittenSpans) {
                m_parts.push_back(
                    {&track, i, std::min(i + kWrittenSpans, lanes[depth].end()), depth});
            }
        }
    }

    /// Short tracks share a job.
    void planJobs() {
        std::size_t spans = kWrittenSpans;
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            if (spans >= kWrittenSpans) {
                m_jobs.push_back(i);
                spans = 0;
            }
            spans += m_parts[i].last - m_parts[i].first;
        }
    }

    void write(const Part& part, TextBuffer& to) const {
        const SpanColumns& spans = part.track->spans;
        std::string prefix(recording::nameOf(part.track->kind));
        prefix += ',';
        appendField(prefix, part.track->name);
        prefix += ',';
        const std::size_t mostBytes = prefix.size() + m_tasks.longest() + m_workers.longest() +
                                      2 * m_strings.longest() + m_states.longest() + 128;
        constexpr std::size_t kUsed = 8; // all but details
        std::array<std::array<std::int64_t, kBlockValues>, kUsed> blocks;
        const std::array<const recording::PackedColumn*, kUsed> columns{
            &spans.begin.packed(), &spans.duration.packed(), &spans.state.packed(),
            &spans.task.packed(),  &spans.worker.packed(),   &spans.name.packed(),
            &spans.cause.packed(), &spans.core.packed()};
        for (std::size_t first = part.first; first < part.last;) {
            const std::size_t count =
                std::min(kBlockValues - first % kBlockValues, part.last - first);
            for (std::size_t c = 0; c < kUsed; ++c) {
                columns[c]->unpack(first, count, blocks[c].data());
            }
            for (std::size_t i = 0; i < count; ++i) {
                char* at = interleave::write(to.room(mostBytes), prefix);
                at = writeShort(at, m_tasks[spans.task.idOf(blocks[3][i]).value]);
                at = writeShort(at, m_workers[spans.worker.idOf(blocks[4][i]).value]);
                if (const auto core = static_cast<std::int16_t>(blocks[7][i]); core >= 0) {
                    at = writeNumber(at, static_cast<std::uint64_t>(core));
                }
                *at++ = ',';
                const State state = StateColumn::stateOf(blocks[2][i]);
                at = writeShort(at, m_states[static_cast<std::size_t>(state) + 1]);
                at = writeShort(at, m_strings[spans.name.idOf(blocks[5][i]).value]);
                at = writeShort(at, m_strings[spans.cause.idOf(blocks[6][i]).value]);
                at = writeNumber(at, blocks[0][i]);
                *at++ = ',';
                at = writeNumber(
                    at, static_cast<std::int64_t>(static_cast<std::uint64_t>(blocks[0][i]) +
                                                  static_cast<std::uint64_t>(blocks[1][i])));
                *at++ = ',';
                at = writeNumber(at, std::uint64_t{part.depth});
                *at++ = '\n';
                to.setEnd(at);
            }
            first += count;
        }
    }

    Fields m_tasks, m_workers, m_strings, m_states; // index 0: none
    std::vector<Part> m_parts;
    std::vector<std::size_t> m_jobs; // the first part of each
};

} // namespace

Result<bool> writeSpanCsv(const Recording& recording, std::optional<TrackKind> kind,
                          const TextSink& sink) {
    if (auto written = sink.write(kSpanCsvHeader); !written) {
        return std::unexpected(written.error());
    }
    const CsvWriter writer(recording, kind);
    return writeInOrder(
        writer.jobCount(), [&](std::size_t job, TextBuffer& buffer) { writer.write(job, buffer); },
        sink);
}

std::string spanCsv(const Recording& recording, std::optional<TrackKind> kind) {
    std::string text;
    static_cast<void>(writeSpanCsv(recording, kind, {.write = [&](std::string_view part) {
                                       text += part;
                                       return Result<void>{};
                                   }})); // appending does not fail
    return text;
}

std::optional<TrackKind> trackKindNamed(std::string_view name) {
    for (const TrackKind kind :
         {TrackKind::Task, TrackKind::Worker, TrackKind::Core, TrackKind::Lock, TrackKind::Queue}) {
        if (nameOf(kind) == name) {
            return kind;
        }
    }
    return std::nullopt;
}

} // namespace interleave::analysis
