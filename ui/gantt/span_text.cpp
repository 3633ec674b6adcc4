// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/span_text.h"

#include "ui/gantt/span_search.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::Recording;
using recording::Span;
using recording::Track;
using recording::TrackKind;

namespace {

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString duration(Nanoseconds ns) {
    return QString::fromStdString(formatDuration(ns));
}

// To the nanosecond, so that two spans can be told apart: "12.410 318 ms".
QString instant(Nanoseconds ns) {
    QString digits = QString::number(std::abs(ns));
    digits = digits.rightJustified(7, QLatin1Char('0'));
    const QString whole = digits.left(digits.size() - 6);
    const QString fraction = digits.right(6);
    return QStringLiteral("%1%2.%3 %4 ms")
        .arg(ns < 0 ? QStringLiteral("-") : QString(), whole, fraction.left(3), fraction.right(3));
}

QString stateText(const Track& track, const Span& span) {
    QString state = text(nameOf(span.state));
    if (span.isPreempted && track.kind != TrackKind::Lock) {
        state += span.state == State::Ready ? QStringLiteral(" (the kernel took the core away)")
                                            : QStringLiteral(" (until the kernel took the core)");
    }
    return state;
}

} // namespace

QList<Detail> spanDetails(const Recording& recording, TrackId trackId, std::size_t index) {
    const Track& track = recording.track(trackId);
    const Span span = track.spans.at(index);
    QList<Detail> details;
    const auto add = [&](const char* label, const QString& value) {
        if (!value.isEmpty()) {
            details.append({QString::fromLatin1(label), value});
        }
    };
    add("State", stateText(track, span));
    add("Meaning", text(meaningOf(span.state)));
    add("Duration", duration(span.range.durationNs()));
    add("Begin", instant(span.range.beginNs));
    add("End", instant(span.range.endNs));
    if (track.kind == TrackKind::Lock || track.kind == TrackKind::Queue) {
        add(track.kind == TrackKind::Lock ? "Lock" : "Queue", text(track.name));
    }
    if (span.task) {
        add(track.kind == TrackKind::Lock ? "Holder" : "Task",
            text(recording.task(span.task).name));
    }
    add("Doing", text(recording.strings.text(span.name)));
    add(track.kind == TrackKind::Lock ? "Taken by" : "Cause",
        text(recording.strings.text(span.cause)));
    if (span.worker) {
        add("Worker", text(recording.worker(span.worker).name));
    }
    if (span.core >= 0) {
        add("Core", QString::number(span.core));
    }
    add("Span", QStringLiteral("%1 of %2 on %3")
                    .arg(index + 1)
                    .arg(track.spans.size())
                    .arg(text(track.name)));
    return details;
}

QString spanTip(const Recording& recording, TrackId trackId, std::size_t index) {
    const Track& track = recording.track(trackId);
    const Span span = track.spans.at(index);
    QStringList lines;
    lines << QStringLiteral("%1 · %2").arg(stateText(track, span),
                                           duration(span.range.durationNs()));
    QStringList where;
    if (span.task) {
        where << text(recording.task(span.task).name);
    }
    if (span.worker) {
        where << text(recording.worker(span.worker).name);
    }
    if (span.core >= 0) {
        where << QStringLiteral("core %1").arg(span.core);
    }
    if (!where.isEmpty()) {
        lines << where.join(QStringLiteral(" · "));
    }
    const QString name = text(recording.strings.text(span.name));
    if (!name.isEmpty()) {
        lines << name;
    }
    const QString cause = text(recording.strings.text(span.cause));
    if (!cause.isEmpty()) {
        lines << cause;
    }
    lines << QStringLiteral("at %1").arg(instant(span.range.beginNs));
    return lines.join(QLatin1Char('\n'));
}

QString mergedTip(const Recording& recording, TrackId track, TimeRange range) {
    const SpanSummary summary = summaryOf(recording.track(track).spans, range);
    if (summary.count == 0) {
        return {};
    }
    std::vector<std::pair<Nanoseconds, QString>> parts;
    for (int i = 0; i < kStateCount; ++i) {
        const auto state = static_cast<State>(i);
        parts.emplace_back(summary.ns[static_cast<std::size_t>(i)], text(nameOf(state)));
    }
    const Nanoseconds nothing = range.durationNs() - summary.total();
    parts.emplace_back(std::max<Nanoseconds>(0, nothing), QStringLiteral("nothing"));
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    const double whole = static_cast<double>(std::max(range.durationNs(), summary.total()));
    QStringList shares;
    for (const auto& [ns, name] : parts) {
        const double percent = 100 * static_cast<double>(ns) / whole;
        if (ns > 0) {
            shares << (percent < 1 ? QStringLiteral("<1 % %1").arg(name)
                                   : QStringLiteral("%1 % %2").arg(percent, 0, 'f', 0).arg(name));
        }
    }
    const QString noun = summary.count == 1 ? QStringLiteral("span") : QStringLiteral("spans");
    return QStringLiteral("%1 %2 in %3: %4")
        .arg(summary.count)
        .arg(noun, duration(range.durationNs()), shares.join(QStringLiteral(", ")));
}

} // namespace interleave::ui
