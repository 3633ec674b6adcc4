// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/scene.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace interleave::chart {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

const char* nameOf(Role role) {
    static constexpr std::array names{"state",    "part",  "curve", "band",  "series", "holder",
                                      "off-core", "other", "heat",  "panel", "header", "accent",
                                      "warning",  "grid",  "axis",  "text",  "muted",  "halo"};
    return names[static_cast<std::size_t>(role)];
}

const char* nameOf(Shape shape) {
    static constexpr std::array names{"disc",    "ring",     "target",    "square",
                                      "diamond", "triangle", "hourglass", "cross",
                                      "check",   "slash",    "back",      "bar"};
    return names[static_cast<std::size_t>(shape)];
}

std::string describe(const Ink& ink) {
    if (ink.role == Role::State) {
        return std::string(nameOf(static_cast<State>(ink.index)));
    }
    if (ink.role == Role::Part) {
        return std::string(analysis::nameOf(static_cast<analysis::Part>(ink.index)));
    }
    std::string text = nameOf(ink.role);
    if (ink.role == Role::Curve || ink.role == Role::Band || ink.role == Role::Series ||
        ink.role == Role::Holder || ink.role == Role::OffCore || ink.role == Role::Heat) {
        text += std::to_string(ink.index);
    }
    return text;
}

std::string describe(const QRectF& rect) {
    return fmt::format("{:.0f},{:.0f} {:.0f}x{:.0f}", rect.x(), rect.y(), rect.width(),
                       rect.height());
}

} // namespace

QRectF boundsOf(const Item& item) {
    return std::visit(
        Overloaded{[](const Box& box) { return box.rect; },
                   [](const Area& area) { return area.outline.boundingRect(); },
                   [](const Line& line) { return line.points.boundingRect(); },
                   [](const Arrow& arrow) { return QRectF(arrow.from, arrow.to).normalized(); },
                   [](const Dot& dot) {
                       const double side = 2 * dot.radiusPx;
                       return QRectF(dot.centre.x() - dot.radiusPx, dot.centre.y() - dot.radiusPx,
                                     side, side);
                   },
                   [](const Text& text) { return text.rect; }},
        item);
}

std::string describe(const Scene& scene) {
    std::string out;
    for (const Item& item : scene.items) {
        const std::string where = describe(boundsOf(item));
        out += std::visit(
            Overloaded{[&](const Box& box) {
                           return fmt::format("box {} {} {}", where, describe(box.ink),
                                              box.label.toStdString());
                       },
                       [&](const Area& area) {
                           return fmt::format("area {} {}", where, describe(area.ink));
                       },
                       [&](const Line& line) {
                           return fmt::format("line {} {}", where, describe(line.ink));
                       },
                       [&](const Arrow& arrow) {
                           return fmt::format("arrow {} {}", where, describe(arrow.ink));
                       },
                       [&](const Dot& dot) {
                           return fmt::format("{} {} {} {}", nameOf(dot.shape), where,
                                              describe(dot.ink), dot.label.toStdString());
                       },
                       [&](const Text& text) {
                           return fmt::format("text {} {}", where, text.text.toStdString());
                       }},
            item);
        while (out.ends_with(' ')) {
            out.pop_back();
        }
        out += '\n';
    }
    return out;
}

} // namespace interleave::chart
