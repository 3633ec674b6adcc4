// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/span_text.h"

#include "ui/gantt/gantt_links.h"
#include "ui/gantt/span_search.h"
#include "ui/theme/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>
#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::Link;
using recording::LinkKind;
using recording::Recording;
using recording::Span;
using recording::Track;
using recording::TrackKind;

namespace {

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString stateText(const Track& track, const Span& span) {
    QString state = text(nameOf(span.state));
    if (span.isPreempted && track.kind != TrackKind::Lock) {
        state += span.state == State::Ready ? QStringLiteral(" (the kernel took the core away)")
                                            : QStringLiteral(" (until the kernel took the core)");
    }
    if (span.isUnfinished) {
        state += QStringLiteral(" (its end was not recorded)");
    }
    return state;
}

constexpr qsizetype kMostArguments = 200;
constexpr int kMostNesting = 4;
constexpr std::size_t kMostLinks = 12;

QString jsonText(const QJsonValue& value) {
    if (value.isString()) {
        return value.toString();
    }
    if (value.isObject()) {
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    }
    if (value.isArray()) {
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    }
    return value.isNull() ? QStringLiteral("null") : value.toVariant().toString();
}

void addArguments(QList<Detail>& details, const QString& prefix, const QJsonObject& object,
                  int nesting) {
    for (auto each = object.begin(); each != object.end(); ++each) {
        if (details.size() >= kMostArguments) {
            return;
        }
        const QString key = prefix.isEmpty() ? each.key() : prefix + QLatin1Char('.') + each.key();
        if (each->isObject() && !each->toObject().isEmpty() && nesting < kMostNesting) {
            addArguments(details, key, each->toObject(), nesting + 1);
        } else {
            details.append({key, jsonText(*each)});
        }
    }
}

// The arguments of a foreign event. What is not JSON is shown as it is.
void addArguments(QList<Detail>& details, const Recording& recording, std::uint64_t key) {
    if (key == 0 || !recording.details) {
        return;
    }
    const std::string text = recording.details->text(key);
    if (text.empty()) {
        return;
    }
    const QByteArray bytes(text.data(), static_cast<qsizetype>(text.size()));
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (document.isObject()) {
        addArguments(details, QString(), document.object(), 0);
    } else {
        details.append({QStringLiteral("Arguments"), QString::fromUtf8(bytes)});
    }
}

QString linkLabel(LinkKind kind, bool isIncoming) {
    switch (kind) {
    case LinkKind::Submit:
        return isIncoming ? QStringLiteral("Submitted by") : QStringLiteral("Submitted");
    case LinkKind::Spawn:
        return isIncoming ? QStringLiteral("Spawned by") : QStringLiteral("Spawned");
    case LinkKind::Steal:
        return isIncoming ? QStringLiteral("Stolen from") : QStringLiteral("Stolen by");
    case LinkKind::Handoff:
        return isIncoming ? QStringLiteral("Got it from") : QStringLiteral("Gave it to");
    case LinkKind::Wake:
        return isIncoming ? QStringLiteral("Woken by") : QStringLiteral("Woke");
    case LinkKind::Deliver:
        return isIncoming ? QStringLiteral("Received from") : QStringLiteral("Delivered to");
    case LinkKind::Flow:
        return isIncoming ? QStringLiteral("Flow from") : QStringLiteral("Flow to");
    case LinkKind::Redeliver:
        return isIncoming ? QStringLiteral("Delivered before") : QStringLiteral("Delivered again");
    case LinkKind::Ack:
        return isIncoming ? QStringLiteral("Delivered") : QStringLiteral("Acknowledged");
    case LinkKind::DeadLetter:
        return isIncoming ? QStringLiteral("Dead-lettered from")
                          : QStringLiteral("Dead-lettered to");
    }
    std::unreachable();
}

QString endText(const Recording& recording, const recording::LinkEnd& end) {
    if (end.task) {
        return text(recording.task(end.task).name);
    }
    return end.worker ? text(recording.worker(end.worker).name) : QStringLiteral("nobody known");
}

void addLink(QList<Detail>& details, const Recording& recording, const Link& link, bool isIncoming,
             Grouping grouping) {
    const recording::LinkEnd& other = isIncoming ? link.from : link.to;
    QString value = endText(recording, other);
    if (link.object) {
        value += QStringLiteral(" (%1)").arg(text(recording.object(link.object).name));
    }
    value += QStringLiteral(", %1 %2%3")
                 .arg(durationText(link.to.timeNs - link.from.timeNs),
                      isIncoming ? QStringLiteral("before") : QStringLiteral("later"),
                      link.isForced ? QStringLiteral(", forced") : QString());
    details.append({linkLabel(link.kind, isIncoming), value,
                    spanAtEnd(recording, other, isIncoming, grouping)});
}

// As a reader with eyes would say it.
QString spokenNameOf(State state) {
    switch (state) {
    case State::WaitingGil:
        return QStringLiteral("waiting for GIL");
    case State::WaitingLock:
        return QStringLiteral("waiting for a lock");
    case State::WaitingIo:
        return QStringLiteral("waiting for I/O");
    default:
        return text(nameOf(state));
    }
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
    add("Duration", durationText(span.range.durationNs()));
    add("Begin", instantText(span.range.beginNs));
    add("End", instantText(span.range.endNs));
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
    if (span.depth > 0) {
        add("Depth", QString::number(span.depth));
    }
    addArguments(details, recording, span.detail);
    return details;
}

QList<Detail> linkDetails(const analysis::LinkIndex& links, SpanRef ref, Grouping grouping) {
    const Recording& recording = *links.recording();
    const Span span = recording.track(ref.track).spans.at(ref.index);
    QList<Detail> details;
    const auto add = [&](analysis::LinkIndex::Indices indices, bool isIncoming) {
        for (const std::uint32_t index : indices.first(std::min(indices.size(), kMostLinks))) {
            addLink(details, recording, links.link(index), isIncoming, grouping);
        }
        if (indices.size() > kMostLinks) {
            details.append(
                {QString(), QStringLiteral("and %1 more").arg(indices.size() - kMostLinks)});
        }
    };
    add(links.reaching(span.task, span.range), true);
    add(links.reaching(span.worker, span.range), true);
    add(links.leaving(span.task, span.range), false);
    add(links.leaving(span.worker, span.range), false);
    return details;
}

QString rowSentence(const Recording& recording, TrackId id, TimeRange range) {
    const Track& track = recording.track(id);
    const TimeRange seen = range.intersected(recording.range);
    const auto times = track.spans.timesIn(seen);
    std::size_t count = 0;
    for (const recording::SpanLane& lane : track.spans.lanes()) {
        const auto [first, last] = track.spans.indicesIn(lane, seen);
        count += last - first;
    }
    std::vector<std::pair<Nanoseconds, State>> order;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (times[i] > 0) {
            order.emplace_back(times[i], static_cast<State>(i));
        }
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    constexpr std::size_t kMostSpoken = 3;
    QStringList parts;
    for (std::size_t i = 0; i < std::min(order.size(), kMostSpoken); ++i) {
        const double percent = 100 * static_cast<double>(order[i].first) /
                               static_cast<double>(std::max<Nanoseconds>(1, seen.durationNs()));
        parts << QStringLiteral("%1 %2 %").arg(
            spokenNameOf(order[i].second),
            percent < 0.5 ? QStringLiteral("less than 1") : QString::number(std::lround(percent)));
    }
    parts << (count == 1 ? QStringLiteral("1 span") : QStringLiteral("%1 spans").arg(count));
    return QStringLiteral("%1: %2").arg(text(track.name), parts.join(QStringLiteral(", ")));
}

QString spanTip(const Recording& recording, TrackId trackId, std::size_t index) {
    const Track& track = recording.track(trackId);
    const Span span = track.spans.at(index);
    QStringList lines;
    lines << QStringLiteral("%1 · %2").arg(stateText(track, span),
                                           durationText(span.range.durationNs()));
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
    lines << QStringLiteral("at %1").arg(instantText(span.range.beginNs));
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
        .arg(noun, durationText(range.durationNs()), shares.join(QStringLiteral(", ")));
}

} // namespace interleave::ui
