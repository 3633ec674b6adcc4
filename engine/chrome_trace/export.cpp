// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/export.h"

#include "engine/chrome_trace/export_head.h"
#include "engine/chrome_trace/export_layout.h"
#include "engine/chrome_trace/export_links.h"
#include "engine/chrome_trace/export_points.h"
#include "engine/chrome_trace/export_spans.h"

#include <algorithm>
#include <simdjson.h>
#include <vector>

namespace interleave::chrome_trace {

using recording::Recording;

namespace {

constexpr std::size_t kJobWeight = 4096;

/// One entry of a list that is written in order: which part of what.
struct Job {
    enum class Kind : std::uint8_t {
        Spans,
        Anchors,
        Links,
        Counter,
        Derived,
        Marks,
        Messages,
        Switches
    };
    Kind kind = Kind::Spans;
    std::size_t first = 0;
    std::size_t last = 0;
};

class Exporter {
public:
    Exporter(const Recording& recording, const analysis::TextSink& sink)
        : m_recording(recording)
        , m_sink(sink)
        , m_layout(layOut(recording))
        , m_texts(recording)
        , m_counterPlaces(placeCounters(recording, m_layout))
        , m_spans(recording, m_layout, m_texts)
        , m_links(recording, m_layout)
        , m_parts(m_spans.parts())
        , m_derived(derivedCounters(recording)) {
        planJobs();
    }

    Result<bool> run() {
        std::string head =
            "{\"interleave\":" + describeHead(m_recording, m_layout, m_counterPlaces) +
            ",\n\"displayTimeUnit\":\"ns\",\"traceEvents\":[";
        if (auto written = m_sink.write(head); !written) {
            return std::unexpected(written.error());
        }
        TextBuffer names;
        writeNames(m_recording, m_layout, names);
        if (auto written = m_sink.write(names.view().substr(1)); !written) { // no first comma
            return std::unexpected(written.error());
        }
        const auto complete = analysis::writeInOrder(
            m_jobs.size(), [this](std::size_t job, TextBuffer& to) { write(m_jobs[job], to); },
            m_sink);
        if (!complete || !*complete) {
            return complete;
        }
        if (auto written = m_sink.write("\n]}\n"); !written) {
            return std::unexpected(written.error());
        }
        return true;
    }

private:
    void addJobs(Job::Kind kind, std::size_t count, std::size_t perJob) {
        for (std::size_t i = 0; i < count; i += perJob) {
            m_jobs.push_back({kind, i, std::min(i + perJob, count)});
        }
    }

    void planJobs() {
        std::size_t first = 0;
        std::size_t weight = 0;
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            weight += m_parts[i].weight;
            if (weight >= kJobWeight || i + 1 == m_parts.size()) {
                m_jobs.push_back({Job::Kind::Spans, first, i + 1});
                first = i + 1;
                weight = 0;
            }
        }
        addJobs(Job::Kind::Anchors, 1, 1);
        addJobs(Job::Kind::Links, m_recording.links.size(), kJobWeight);
        addJobs(Job::Kind::Counter, m_recording.counters.size(), 1);
        addJobs(Job::Kind::Derived, m_derived.size(), 1);
        addJobs(Job::Kind::Marks, m_recording.marks.size(), kJobWeight);
        addJobs(Job::Kind::Messages, m_recording.messages.size(), kJobWeight);
        addJobs(Job::Kind::Switches, m_recording.switches.size(), kJobWeight);
    }

    void write(const Job& job, TextBuffer& to) const {
        switch (job.kind) {
        case Job::Kind::Spans:
            for (std::size_t i = job.first; i < job.last; ++i) {
                m_spans.write(m_parts[i], to);
            }
            break;
        case Job::Kind::Anchors:
            m_links.writeAnchors(to);
            break;
        case Job::Kind::Links:
            m_links.write(job.first, job.last, to);
            break;
        case Job::Kind::Counter:
            writeCounter(m_recording.counters[job.first], m_counterPlaces[job.first], to);
            break;
        case Job::Kind::Derived:
            writeDerived(m_recording, m_layout, m_derived[job.first], to);
            break;
        case Job::Kind::Marks:
            writeMarks(m_recording, m_layout, m_texts, job.first, job.last, to);
            break;
        case Job::Kind::Messages:
            writeMessages(m_recording, m_layout, job.first, job.last, to);
            break;
        case Job::Kind::Switches:
            writeSwitches(m_recording, m_layout, job.first, job.last, to);
            break;
        }
    }

    const Recording& m_recording;
    const analysis::TextSink& m_sink;
    ExportLayout m_layout;
    ExportTexts m_texts;
    std::vector<CounterPlace> m_counterPlaces;
    SpanWriter m_spans;
    LinkWriter m_links;
    std::vector<SpanPart> m_parts;
    std::vector<DerivedCounter> m_derived;
    std::vector<Job> m_jobs;
};

} // namespace

std::string detailJson(const std::string& text) {
    // Only objects and lists stand as themselves: a string is always the text of something else.
    static thread_local simdjson::dom::parser parser;
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool isNested = first != std::string::npos && (text[first] == '{' || text[first] == '[');
    if (isNested && parser.parse(text).error() == simdjson::SUCCESS) {
        return text;
    }
    std::string json;
    appendJsonString(json, text);
    return json;
}

Result<bool> exportTrace(const Recording& recording, const analysis::TextSink& sink) {
    return Exporter(recording, sink).run();
}

} // namespace interleave::chrome_trace
