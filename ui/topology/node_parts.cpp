// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/node_parts.h"

namespace interleave::ui {

using analysis::NodeKind;

namespace {

constexpr double kPaddingPx = 8;
constexpr double kCornerPx = 13; // the cut corners of an exchange

NodeParts denseParts(NodeKind kind, const QRectF& node, const QRectF& inner) {
    NodeParts parts;
    const double half = inner.width() * 0.5;
    const double top = node.top() + (kind == NodeKind::Queue ? 3 : 5);
    parts.title = {inner.left(), top, half - 4, 16};
    parts.counts = {inner.left() + half, top, half, 16};
    if (kind == NodeKind::Queue) {
        parts.bar = {inner.left(), node.bottom() - 11, inner.width(), 6};
    }
    return parts;
}

} // namespace

NodeParts partsOf(NodeKind kind, const QRectF& node, Density density) {
    const double side = kind == NodeKind::Exchange ? kCornerPx : kPaddingPx;
    const QRectF inner = node.adjusted(side, 0, -side, 0);
    if (density == Density::Dense) {
        return denseParts(kind, node, inner);
    }
    const auto line = [&](double y, double height) {
        return QRectF(inner.left(), node.top() + y, inner.width(), height);
    };
    NodeParts parts;
    parts.title = line(5, 16);
    switch (kind) {
    case NodeKind::Publisher:
    case NodeKind::Exchange:
        parts.counts = line(23, 16);
        parts.fates = line(40, 16);
        break;
    case NodeKind::Queue:
        parts.bar = line(24, 10);
        parts.counts = line(37, 16);
        parts.dots = line(56, 14);
        parts.fates = line(73, 16);
        break;
    case NodeKind::Consumer:
        parts.counts = line(23, 16);
        parts.dots = line(42, 14);
        parts.fates = line(59, 16);
        break;
    }
    return parts;
}

} // namespace interleave::ui
