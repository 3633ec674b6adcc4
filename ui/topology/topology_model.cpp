// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_model.h"

#include "ui/theme/text.h"
#include "ui/topology/message_symbols.h"

#include <algorithm>
#include <limits>

namespace interleave::ui {

using analysis::NodeKind;
using analysis::Stay;
using recording::MessageStep;

namespace {

constexpr Nanoseconds kTravelParts = 40; // of the visible range

void collect(std::vector<TimeRange>& ranges, const analysis::StaySet& set) {
    for (const Stay& stay : set.stays()) {
        ranges.push_back(stay.range);
    }
}

} // namespace

TopologyModel topologyModelOf(std::shared_ptr<const recording::Recording> recording) {
    TopologyModel model;
    model.recording = std::move(recording);
    model.flow = analysis::MessageFlow(*model.recording);
    const auto& nodes = model.topology().nodes;
    model.hasFates.resize(nodes.size());
    std::vector<TimeRange> ready;
    std::vector<TimeRange> held;
    constexpr Nanoseconds kEver = std::numeric_limits<Nanoseconds>::max();
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].kind == NodeKind::Queue) {
            collect(ready, model.flow.ready(i));
            collect(held, model.flow.held(i));
            model.deepest = std::max(model.deepest,
                                     model.flow.ready(i).maximum() + model.flow.held(i).maximum());
        }
        model.hasFates[i] = std::ranges::any_of(
            fateSteps(), [&](MessageStep step) { return model.flow.countAt(i, step, kEver) > 0; });
    }
    model.ready = analysis::overlapCount(std::move(ready));
    model.held = analysis::overlapCount(std::move(held));
    return model;
}

Nanoseconds TopologyModel::busiestNs() const {
    Nanoseconds best = recording->range.endNs;
    double most = 0;
    for (const Nanoseconds time : ready.time) {
        const double count = ready.at(time) + held.at(time);
        if (count > most) {
            most = count;
            best = time;
        }
    }
    return best;
}

QString titleOf(const analysis::TopologyNode& node) {
    if (node.kind == NodeKind::Exchange && node.type == "default") {
        return tr("default exchange");
    }
    if (!node.name.empty()) {
        return QString::fromStdString(node.name);
    }
    return node.kind == NodeKind::Publisher  ? tr("somebody")
           : node.kind == NodeKind::Consumer ? tr("a consumer not known")
                                             : tr("without a name");
}

Nanoseconds travelNs(TimeRange visible) {
    return std::max<Nanoseconds>(1, visible.durationNs() / kTravelParts);
}

} // namespace interleave::ui
