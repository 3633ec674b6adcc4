// SPDX-License-Identifier: GPL-3.0-or-later
// What a moment puts into the placed topology. Its cost grows with what can be seen, and with what
// moved a moment ago, not with the number of messages.
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"
#include "ui/topology/message_symbols.h"
#include "ui/topology/node_parts.h"
#include "ui/topology/topology_scene.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace interleave::ui {

using analysis::EdgeKind;
using analysis::kNowhere;
using analysis::MessageMove;
using analysis::NodeKind;
using analysis::Stay;
using analysis::TopologyNode;
using chart::Dot;
using chart::Font;
using chart::Ink;
using chart::Role;
using recording::MessageStep;

namespace {

constexpr double kDotPx = 4.5;
constexpr double kMovePx = 5;
constexpr double kGroupPx = 30;   // messages closer than that on an edge are one group
constexpr double kMostGroups = 8; // on an edge, however long
constexpr double kEndTravelPx = 20;

bool goesBack(MessageStep step) {
    return step == MessageStep::Requeued || step == MessageStep::Returned;
}

bool movesAlongEdge(MessageStep step) {
    return step == MessageStep::Published || step == MessageStep::Queued ||
           step == MessageStep::Delivered || step == MessageStep::DeadLettered || goesBack(step);
}

class Moment {
public:
    Moment(const TopologyModel& model, const TopologyLayout& layout, const MomentInputs& inputs)
        : m_model(model)
        , m_layout(layout)
        , m_inputs(inputs) {
        m_out.scene.size = layout.size;
    }

    MomentPicture draw() {
        for (std::uint32_t i = 0; i < m_layout.nodes.size(); ++i) {
            if (m_layout.nodes[i].intersects(m_inputs.clip)) {
                addNode(i);
            }
        }
        addMoves();
        return std::move(m_out);
    }

private:
    chart::Scene& scene() { return m_out.scene; }
    const analysis::MessageFlow& flow() const { return m_model.flow; }

    std::uint64_t happened(std::uint32_t node, MessageStep step) const {
        return flow().countAt(node, step, m_inputs.when);
    }

    void addNode(std::uint32_t index) {
        const TopologyNode& node = m_model.topology().nodes[index];
        const NodeParts parts =
            partsOf(node.kind, m_layout.nodes[index], m_layout.densityOf(node.kind));
        switch (node.kind) {
        case NodeKind::Publisher:
            addCounts(scene(), parts.counts,
                      std::vector{Count{symbolOf(MessageStep::Published),
                                        happened(index, MessageStep::Published),
                                        {}}});
            break;
        case NodeKind::Exchange:
            addCounts(scene(), parts.counts,
                      std::vector{Count{{chart::Shape::Ring, {Role::Accent}, tr("came in")},
                                        happened(index, MessageStep::Published),
                                        {}}});
            break;
        case NodeKind::Queue:
            addQueue(index, node, parts);
            break;
        case NodeKind::Consumer:
            addConsumer(index, node, parts);
            break;
        }
        addFates(index, parts);
    }

    void addQueue(std::uint32_t index, const TopologyNode& node, const NodeParts& parts) {
        const std::size_t ready = flow().ready(index).countAt(m_inputs.when);
        const std::size_t held = flow().held(index).countAt(m_inputs.when);
        const double most = static_cast<double>(
            node.limit > 0 ? std::max<std::size_t>(node.limit, ready + held) : m_model.deepest);
        scene().add(chart::Box{parts.bar, {Role::Halo}});
        // The front of the queue is on the right, as in the picture as a whole.
        double right = parts.bar.right();
        for (const auto& [count, ink] :
             {std::pair(held, heldSymbol().ink), std::pair(ready, readySymbol().ink)}) {
            const double width = parts.bar.width() * static_cast<double>(count) / most;
            if (count > 0) {
                const double shown = std::min(std::max(2.0, width), right - parts.bar.left());
                scene().add(chart::Box{
                    {right - shown, parts.bar.top(), shown, parts.bar.height()}, ink, {}, true});
                right -= shown;
            }
        }
        scene().add(chart::Line{{parts.bar.topLeft(), parts.bar.topRight(), parts.bar.bottomRight(),
                                 parts.bar.bottomLeft(), parts.bar.topLeft()},
                                {Role::Axis}});
        addCounts(scene(), parts.counts,
                  std::vector{Count{readySymbol(), ready, {}}, Count{heldSymbol(), held, {}}});
        addDots(parts.dots, flow().ready(index), ready, readySymbol(), true);
    }

    void addConsumer(std::uint32_t index, const TopologyNode& node, const NodeParts& parts) {
        const std::size_t held = flow().held(index).countAt(m_inputs.when);
        const bool isGone = !node.lives.empty() && held == 0 &&
                            std::ranges::none_of(node.lives, [&](TimeRange life) {
                                return life.contains(m_inputs.when) || life.endNs == m_inputs.when;
                            });
        if (isGone) {
            addGone(index, parts, m_inputs.when < node.lives.front().beginNs);
        }
        Symbol symbol = heldSymbol();
        symbol.word = tr("held");
        const bool isWide = m_layout.densityOf(node.kind) == Density::Full;
        std::vector<Count> counts{
            {symbol, held, isWide && node.limit > 0 ? tr(" of %1").arg(node.limit) : QString()}};
        Symbol acked = symbolOf(MessageStep::Acked);
        acked.word = tr("acked");
        counts.push_back({acked, happened(index, MessageStep::Acked), {}});
        addCounts(scene(), parts.counts, counts);
        addDots(parts.dots, flow().held(index), held, heldSymbol(), false);
    }

    /// Not connected: dashed, and said in words where there is room.
    void addGone(std::uint32_t index, const NodeParts& parts, bool isYetToCome) {
        const QRectF rect = m_layout.nodes[index].adjusted(0.5, 0.5, -0.5, -0.5);
        const QPolygonF frame{rect.topLeft(), rect.topRight(), rect.bottomRight(),
                              rect.bottomLeft(), rect.topLeft()};
        scene().add(chart::Line{frame, {Role::Halo}, 2.4});
        scene().add(chart::Line{frame, {Role::Muted}, 1.2, true});
        if (!parts.dots.isEmpty()) {
            scene().add(chart::Text{parts.dots,
                                    isYetToCome ? tr("not yet connected") : tr("not connected"),
                                    Font::Small,
                                    {Role::Muted}});
        }
    }

    void addFates(std::uint32_t index, const NodeParts& parts) {
        if (parts.fates.isEmpty() || !m_model.hasFates[index]) {
            return;
        }
        std::vector<Count> counts;
        for (const MessageStep step : fateSteps()) {
            if (const std::uint64_t count = happened(index, step); count > 0) {
                counts.push_back({symbolOf(step), count, {}});
            }
        }
        addCounts(scene(), parts.fates, counts);
    }

    /// One mark for each that there is room for, and how many more there are.
    void addDots(const QRectF& place, const analysis::StaySet& set, std::size_t count,
                 const Symbol& symbol, bool isFromRight) {
        if (place.isEmpty() || count == 0) {
            return;
        }
        auto room = static_cast<std::size_t>(place.width() / kDotPitchPx);
        double moreWidth = 0;
        QString more;
        if (count > room) {
            more = tr("+ %1").arg(countText(count));
            moreWidth = chart::widthOf(more, Font::Small) + 8;
            room =
                static_cast<std::size_t>(std::max(0.0, (place.width() - moreWidth) / kDotPitchPx));
            more = tr("+ %1").arg(countText(count - room));
        }
        const std::vector<Stay> shown = set.at(m_inputs.when, room);
        double x = isFromRight ? place.right() - kDotPitchPx / 2 : place.left() + kDotPitchPx / 2;
        const double step = isFromRight ? -kDotPitchPx : kDotPitchPx;
        for (const Stay& stay : shown) {
            const Symbol look = stay.isAgain ? againSymbol() : symbol;
            addMessage({{x, place.center().y()}, kDotPx, look.ink, look.shape, {}}, stay.message);
            x += step;
        }
        if (!more.isEmpty()) {
            const QRectF rest =
                isFromRight
                    ? QRectF(place.left(), place.top(), moreWidth, place.height())
                    : QRectF(place.right() - moreWidth, place.top(), moreWidth, place.height());
            scene().add(
                chart::Text{rest,
                            more,
                            Font::Small,
                            {Role::Text},
                            (isFromRight ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter});
        }
    }

    void addMessage(const Dot& dot, std::uint32_t message) {
        scene().add(dot);
        const QRectF rect = chart::outlineOf(dot);
        if (message == m_inputs.selectedMessage) {
            const QRectF ring = rect.adjusted(-2.5, -2.5, 2.5, 2.5);
            chart::Line frame{{ring.topLeft(), ring.topRight(), ring.bottomRight(),
                               ring.bottomLeft(), ring.topLeft()},
                              {Role::Warning},
                              2};
            scene().add(frame);
        }
        m_out.messages.push_back({rect, message});
    }

    /// Where the last of the moves are by now, those of one place together.
    struct Place {
        std::uint32_t where = 0; // edge or node
        MessageStep step = MessageStep::Published;
        Nanoseconds at = 0; // parts of time: a group keeps together while it moves
        auto operator<=>(const Place&) const = default;
    };
    struct Group {
        std::uint64_t count = 0;
        double share = 0; // mean
        std::uint32_t message = 0;
    };

    /// How much time a group takes up on an edge.
    Nanoseconds partOf(std::uint32_t edge) {
        if (m_parts.empty()) {
            for (const QPolygonF& line : m_layout.edges) {
                const double length = std::max(1.0, lengthOf(line));
                const double groups = std::clamp(std::floor(length / kGroupPx), 1.0, kMostGroups);
                m_parts.push_back(std::max<Nanoseconds>(
                    1, static_cast<Nanoseconds>(static_cast<double>(m_inputs.travel) / groups)));
            }
        }
        return m_parts[edge];
    }

    /// Whether any part of the edge is in sight.
    bool isSeen(std::uint32_t edge) {
        if (m_isSeen.empty()) {
            const QRectF clip = m_inputs.clip.adjusted(-20, -20, 20, 20);
            for (const QPolygonF& line : m_layout.edges) {
                m_isSeen.push_back(line.boundingRect().adjusted(0, 0, 1, 1).intersects(clip));
            }
        }
        return m_isSeen[edge];
    }

    void addMoves() {
        std::map<Place, Group> groups;
        for (const MessageMove& move :
             flow().movesAfter({m_inputs.when - m_inputs.travel, m_inputs.when})) {
            if (move.step == MessageStep::Confirmed) {
                continue;
            }
            const bool isOnEdge = movesAlongEdge(move.step);
            const std::uint32_t where = isOnEdge ? move.edge : move.node;
            if (where == kNowhere || (isOnEdge && !isSeen(where))) {
                continue;
            }
            const double share = static_cast<double>(m_inputs.when - move.timeNs) /
                                 static_cast<double>(m_inputs.travel);
            Group& group = groups[{where, move.step, isOnEdge ? move.timeNs / partOf(where) : 0}];
            ++group.count;
            group.share += share;
            const bool isSelected = move.message == m_inputs.selectedMessage;
            group.message = group.count == 1 || isSelected ? move.message : group.message;
        }
        for (const auto& [place, group] : groups) {
            const double share = group.share / static_cast<double>(group.count);
            if (movesAlongEdge(place.step)) {
                addOnEdge(place, group, share);
            } else {
                addEnd(place, group, share);
            }
        }
    }

    void addOnEdge(const Place& place, const Group& group, double share) {
        const QPointF centre =
            pointAlong(m_layout.edges[place.where], goesBack(place.step) ? 1 - share : share);
        const bool isPlain = !goesBack(place.step) && place.step != MessageStep::DeadLettered;
        const Symbol look = isPlain ? movingSymbol() : symbolOf(place.step);
        if (!QRectF(centre - QPointF(20, 20), QSizeF(40, 40)).intersects(m_inputs.clip)) {
            return;
        }
        // Behind the keys of its binding a message is not seen; their frame lights up.
        for (const PlacedKeys& keys : m_layout.keys) {
            if (keys.edge == place.where && keys.rect.adjusted(-7, 0, 7, 0).contains(centre)) {
                const QRectF frame = keys.rect.adjusted(-1, -1, 1, 1);
                scene().add(chart::Line{{frame.topLeft(), frame.topRight(), frame.bottomRight(),
                                         frame.bottomLeft(), frame.topLeft()},
                                        look.ink,
                                        2});
                return;
            }
        }
        addGroup(look, centre, group);
    }

    void addEnd(const Place& place, const Group& group, double share) {
        const QRectF& node = m_layout.nodes[place.where];
        if (!node.intersects(m_inputs.clip)) {
            return;
        }
        const NodeKind kind = m_model.topology().nodes[place.where].kind;
        const double way = share * kEndTravelPx;
        const QPointF centre = kind == NodeKind::Consumer
                                   ? QPointF(node.right() + 8 + way, node.center().y())
                                   : QPointF(node.left() + 14 + way, node.bottom() + 7);
        addGroup(symbolOf(place.step), centre, group);
    }

    void addGroup(const Symbol& look, QPointF centre, const Group& group) {
        if (group.count == 1) {
            addMessage({centre, kMovePx, look.ink, look.shape, {}}, group.message);
            return;
        }
        const bool isRing = look.shape == chart::Shape::Ring;
        Dot dot{centre, 7.5, isRing ? look.ink : Ink{Role::Halo},
                isRing ? chart::Shape::Ring : chart::Shape::Disc, countText(group.count)};
        addMessage(dot, group.message);
        if (!isRing) { // the shape tells what became of them: beside the number
            const double x = chart::outlineOf(dot).left() - kMovePx - 2;
            scene().add(Dot{{x, centre.y()}, kMovePx, look.ink, look.shape, {}});
        }
    }

    const TopologyModel& m_model;
    const TopologyLayout& m_layout;
    const MomentInputs& m_inputs;
    MomentPicture m_out;
    std::vector<Nanoseconds> m_parts; // by edge
    std::vector<bool> m_isSeen;       // likewise
};

} // namespace

MomentPicture momentOf(const TopologyModel& model, const TopologyLayout& layout,
                       const MomentInputs& inputs) {
    return Moment(model, layout, inputs).draw();
}

} // namespace interleave::ui
