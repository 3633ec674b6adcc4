// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_text.h"

#include "ui/theme/text.h"
#include "ui/topology/message_symbols.h"

#include <QStringList>

namespace interleave::ui {

using analysis::EdgeKind;
using analysis::kNowhere;
using analysis::MessageMove;
using analysis::NodeKind;
using analysis::TopologyNode;
using recording::MessageStep;

namespace {

constexpr qsizetype kMostKeys = 20;

QString headOf(const TopologyNode& node) {
    switch (node.kind) {
    case NodeKind::Publisher:
        return tr("Publisher %1").arg(titleOf(node));
    case NodeKind::Exchange:
        return node.type == "default"
                   ? tr("The default exchange: to the queue that the key names")
                   : tr("Exchange %1 (%2)").arg(titleOf(node), QString::fromStdString(node.type));
    case NodeKind::Queue:
        return tr("Queue %1").arg(titleOf(node));
    case NodeKind::Consumer:
        break;
    }
    return tr("Consumer %1").arg(titleOf(node));
}

QStringList countsOf(const TopologyModel& model, std::uint32_t index, Nanoseconds when) {
    const TopologyNode& node = model.topology().nodes[index];
    const analysis::MessageFlow& flow = model.flow;
    const auto count = [&](MessageStep step) { return countText(flow.countAt(index, step, when)); };
    QStringList lines;
    switch (node.kind) {
    case NodeKind::Publisher:
        lines << tr("%1 published").arg(count(MessageStep::Published));
        break;
    case NodeKind::Exchange:
        lines << tr("%1 came in").arg(count(MessageStep::Published));
        break;
    case NodeKind::Queue:
        lines << tr("%1 ready, %2 delivered and not acknowledged")
                     .arg(countText(flow.ready(index).countAt(when)),
                          countText(flow.held(index).countAt(when)));
        lines << tr("%1 came in so far").arg(count(MessageStep::Queued));
        if (node.limit > 0) {
            lines << tr("takes %1 at most").arg(node.limit);
        }
        break;
    case NodeKind::Consumer:
        lines << (node.limit > 0 ? tr("holds %1 of at most %2 unacknowledged messages")
                                       .arg(countText(flow.held(index).countAt(when)))
                                       .arg(node.limit)
                                 : tr("holds %1 unacknowledged messages")
                                       .arg(countText(flow.held(index).countAt(when))));
        lines << tr("%1 delivered, %2 acknowledged so far")
                     .arg(count(MessageStep::Delivered), count(MessageStep::Acked));
        break;
    }
    return lines;
}

QString lineOf(const TopologyModel& model, const MessageMove& move) {
    QString what = symbolOf(move.step).word;
    switch (move.step) {
    case MessageStep::Queued:
        what = tr("queued in %1");
        break;
    case MessageStep::Delivered:
        what = move.isRedelivered ? tr("delivered again to %1") : tr("delivered to %1");
        break;
    case MessageStep::Published:
        what = tr("published to %1");
        break;
    case MessageStep::DeadLettered:
        what = tr("dead-lettered to %1");
        break;
    case MessageStep::Requeued:
        what = tr("given back to %1");
        break;
    case MessageStep::Confirmed:
        what = tr("confirmed");
        break;
    default:
        break;
    }
    if (what.contains(QLatin1String("%1"))) {
        what = what.arg(move.node == kNowhere ? tr("somebody")
                                              : titleOf(model.topology().nodes[move.node]));
    }
    return tr("%1  %2").arg(move.timeNs == 0 ? QStringLiteral("0") : durationText(move.timeNs),
                            what);
}

} // namespace

QString nodeText(const TopologyModel& model, std::uint32_t node, Nanoseconds when) {
    QStringList lines{headOf(model.topology().nodes[node])};
    lines << countsOf(model, node, when);
    for (const MessageStep step : fateSteps()) {
        if (const std::uint64_t count = model.flow.countAt(node, step, when); count > 0) {
            lines << countText(count) + u' ' + symbolOf(step).word;
        }
    }
    return lines.join(u'\n');
}

QString messageText(const TopologyModel& model, std::uint32_t message, Nanoseconds when) {
    QString head = tr("Message %1").arg(message);
    const TaskId task = model.flow.taskOf(message);
    if (task && task.value <= model.recording->tasks.size()) {
        head = tr("Message %1: %2")
                   .arg(message)
                   .arg(QString::fromStdString(model.recording->task(task).name));
    }
    QStringList lines{head};
    for (const MessageMove& move : model.flow.lifeOf(message)) {
        if (move.timeNs <= when) {
            lines << lineOf(model, move);
        }
    }
    return lines.join(u'\n');
}

QString keysText(const TopologyModel& model, std::uint32_t edge) {
    const analysis::TopologyEdge& it = model.topology().edges[edge];
    QStringList lines{
        tr("%1 to %2, by the keys")
            .arg(titleOf(model.topology().nodes[it.from]), titleOf(model.topology().nodes[it.to]))};
    for (const std::string& key : it.keys) {
        if (lines.size() > kMostKeys) {
            lines << tr("and %1 more").arg(it.keys.size() + 1 - std::size_t(lines.size()));
            break;
        }
        lines << QString::fromStdString(key);
    }
    return lines.join(u'\n');
}

} // namespace interleave::ui
