// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/message_symbols.h"

#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"

#include <array>

namespace interleave::ui {

using chart::Font;
using chart::Ink;
using chart::Role;
using chart::Shape;
using recording::MessageStep;

namespace {

constexpr double kSymbolPx = 13; // from the symbol's left edge to the number
constexpr double kGapPx = 10;

QString textOf(const Count& count, bool hasWord) {
    QString text = countText(count.value) + count.after;
    return hasWord && !count.symbol.word.isEmpty() ? text + u' ' + count.symbol.word : text;
}

double widthOf(const Count& count, bool hasWord) {
    return kSymbolPx + chart::widthOf(textOf(count, hasWord), Font::Small);
}

double widthOf(std::span<const Count> counts, bool hasWords) {
    double width = 0;
    for (const Count& count : counts) {
        width += widthOf(count, hasWords) + (width > 0 ? kGapPx : 0);
    }
    return width;
}

} // namespace

Symbol readySymbol() {
    return {Shape::Disc, chart::inkOf(State::Queued), tr("ready")};
}

Symbol heldSymbol() {
    return {Shape::Square, chart::inkOf(State::Reserved), tr("unacked")};
}

Symbol againSymbol() {
    return {Shape::Target, chart::inkOf(State::Retrying), tr("again")};
}

Symbol movingSymbol() {
    return {Shape::Ring, {Role::Accent}, tr("on the way")};
}

Symbol symbolOf(MessageStep step) {
    switch (step) {
    case MessageStep::Acked:
        return {Shape::Check, {Role::Text}, tr("acknowledged")};
    case MessageStep::Requeued:
        return {Shape::Target, chart::inkOf(State::Retrying), tr("given back")};
    case MessageStep::Rejected:
        return {Shape::Bar, {Role::Warning}, tr("rejected")};
    case MessageStep::Expired:
        return {Shape::Hourglass, {Role::Muted}, tr("expired")};
    case MessageStep::Overflowed:
        return {Shape::Triangle, {Role::Warning}, tr("overflowed")};
    case MessageStep::DeadLettered:
        return {Shape::Diamond, {Role::Warning}, tr("dead-lettered")};
    case MessageStep::Lost:
        return {Shape::Cross, chart::inkOf(State::Failed), tr("lost")};
    case MessageStep::Unroutable:
        return {Shape::Slash, {Role::Muted}, tr("unroutable")};
    case MessageStep::Returned:
        return {Shape::Back, {Role::Muted}, tr("returned")};
    case MessageStep::Refused:
        return {Shape::Bar, {Role::Muted}, tr("refused")};
    default:
        return {Shape::Ring, {Role::Accent}, tr("published")};
    }
}

std::span<const MessageStep> fateSteps() {
    static constexpr std::array steps{
        MessageStep::Requeued,   MessageStep::Rejected,     MessageStep::Expired,
        MessageStep::Overflowed, MessageStep::DeadLettered, MessageStep::Lost,
        MessageStep::Unroutable, MessageStep::Returned,     MessageStep::Refused};
    return steps;
}

double addCounts(chart::Scene& scene, const QRectF& line, std::span<const Count> counts) {
    const bool hasWords = widthOf(counts, true) <= line.width();
    double x = line.left();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const bool isLast = i + 1 == counts.size();
        const double width = widthOf(counts[i], hasWords);
        const double needed = width + (isLast ? 0 : kGapPx + 12);
        if (x + needed > line.right() + 0.5) {
            scene.add(chart::Text{{x, line.top(), std::max(0.0, line.right() - x), line.height()},
                                  QStringLiteral("…"),
                                  Font::Small});
            return line.right();
        }
        scene.add(chart::Dot{
            {x + 5, line.center().y()}, 4, counts[i].symbol.ink, counts[i].symbol.shape, {}});
        scene.add(chart::Text{{x + kSymbolPx, line.top(), width - kSymbolPx + 2, line.height()},
                              textOf(counts[i], hasWords),
                              Font::Small});
        x += width + kGapPx;
    }
    return counts.empty() ? x : x - kGapPx;
}

} // namespace interleave::ui
