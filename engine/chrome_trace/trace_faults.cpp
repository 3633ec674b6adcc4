// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_faults.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::chrome_trace {

namespace {

using recording::Diagnostic;
using recording::Severity;

struct FaultText {
    const char* kind;
    Severity severity;
    const char* one; // a sentence about one, and about several with their number
    const char* many;
};

constexpr std::array<FaultText, static_cast<std::size_t>(Fault::Count)> kTexts{{
    {"malformed-events", Severity::DataLoss,
     "1 piece of \"traceEvents\" is not an event of well-formed JSON and was left out.",
     "{} pieces of \"traceEvents\" are not events of well-formed JSON and were left out."},
    {"events-without-phase", Severity::DataLoss,
     "1 event has no \"ph\", which says what it is, and was left out.",
     "{} events have no \"ph\", which says what they are, and were left out."},
    {"events-without-time", Severity::DataLoss, "1 event has no usable \"ts\" and was left out.",
     "{} events have no usable \"ts\" and were left out."},
    {"time-out-of-range", Severity::DataLoss,
     "1 event lies beyond the times that nanoseconds in 64 bits can express and was left out.",
     "{} events lie beyond the times that nanoseconds in 64 bits can express and were left out."},
    {"negative-durations", Severity::Warning,
     "1 event has a negative or unreadable duration and is shown as empty.",
     "{} events have negative or unreadable durations and are shown as empty."},
    {"ends-without-begin", Severity::Warning,
     "1 event ends something that never began and is not shown.",
     "{} events end something that never began and are not shown."},
    {"begins-without-end", Severity::Warning,
     "1 event has no end in the file; it is drawn to the end of the recording and marked.",
     "{} events have no end in the file; they are drawn to the end of the recording and marked."},
    {"too-deep", Severity::DataLoss, "1 slice is nested too deeply to be shown.",
     "{} slices are nested too deeply to be shown."},
    {"counter-values", Severity::Warning, "1 value of a counter is no number and was left out.",
     "{} values of counters are no numbers and were left out."},
    {"reused-ids", Severity::Info,
     "1 process or thread has several names: its number was probably used again.",
     "{} processes or threads have several names: their numbers were probably used again."},
    {"cut-file", Severity::DataLoss,
     "The file ends in the middle; everything before that place is shown.",
     "The file ends in the middle; everything before that place is shown."},
    {"damaged-archive", Severity::DataLoss,
     "The compressed data is damaged; everything before that place is shown.",
     "The compressed data is damaged; everything before that place is shown."},
}};

std::string_view meaningOf(char phase) {
    switch (phase) {
    case 'N':
        return "an object was created";
    case 'D':
        return "an object was destroyed";
    case 'O':
        return "a snapshot of an object";
    case 'c':
        return "clocks were compared";
    case 'P':
        return "a sample";
    case 'V':
    case 'v':
        return "a dump of memory";
    case '(':
    case ')':
        return "a context";
    case '=':
        return "linked ids";
    default:
        return "unknown to this program";
    }
}

Diagnostic unshownDiagnostic(char phase, std::uint64_t count) {
    const bool isPrintable = phase > ' ' && phase < 0x7f && phase != '"';
    const std::string name =
        isPrintable
            ? std::string(1, phase)
            : fmt::format("0x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(phase)));
    return {fmt::format("unshown-{}", name), Severity::Warning, count,
            fmt::format("{} {} of the kind \"{}\" ({}) {} no place on the timeline.", count,
                        count == 1 ? "event" : "events", name, meaningOf(phase),
                        count == 1 ? "has" : "have")};
}

} // namespace

void TraceFaults::add(const TraceFaults& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] += other.counts[i];
    }
    for (const auto& [phase, count] : other.unshown) {
        unshown[phase] += count;
    }
}

std::vector<Diagnostic> TraceFaults::diagnostics() const {
    std::vector<Diagnostic> found;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] != 0) {
            const FaultText& text = kTexts[i];
            found.push_back(
                {text.kind, text.severity, counts[i],
                 counts[i] == 1 ? text.one : fmt::format(fmt::runtime(text.many), counts[i])});
        }
    }
    for (const auto& [phase, count] : unshown) {
        found.push_back(unshownDiagnostic(phase, count));
    }
    return found;
}

} // namespace interleave::chrome_trace
