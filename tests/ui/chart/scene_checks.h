// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold for every scene: nothing outside the picture, no text over another text.
#pragma once

#include "ui/chart/scene.h"
#include "ui/chart/scene_painter.h"

#include <algorithm>
#include <string>
#include <vector>

namespace interleave::chart {

/// Where the letters of a text are, not the rectangle they may use.
inline QRectF inkedRect(const Text& text) {
    const double width = std::min(widthOf(text.text, text.font), text.rect.width());
    double left = text.rect.left();
    if (text.alignment.testFlag(Qt::AlignRight)) {
        left = text.rect.right() - width;
    } else if (text.alignment.testFlag(Qt::AlignHCenter)) {
        left = text.rect.center().x() - width / 2;
    }
    return {left, text.rect.center().y() - 5, width, 10};
}

inline std::vector<std::string> textsThatOverlap(const Scene& scene) {
    std::vector<Text> texts;
    for (const Item& item : scene.items) {
        const auto* const text = std::get_if<Text>(&item);
        if (text != nullptr && !text->text.isEmpty() && !text->wraps) {
            texts.push_back(*text);
        }
    }
    std::vector<std::string> found;
    for (std::size_t a = 0; a < texts.size(); ++a) {
        for (std::size_t b = a + 1; b < texts.size(); ++b) {
            if (inkedRect(texts[a]).adjusted(1, 1, -1, -1).intersects(inkedRect(texts[b]))) {
                found.push_back((texts[a].text + " / " + texts[b].text).toStdString());
            }
        }
    }
    return found;
}

inline std::vector<std::string> itemsOutside(const Scene& scene) {
    const QRectF picture = QRectF(QPointF(0, 0), scene.size).adjusted(-1, -1, 1, 1);
    std::vector<std::string> found;
    for (const Item& item : scene.items) {
        const QRectF bounds = boundsOf(item);
        if (bounds.left() < picture.left() || bounds.top() < picture.top() ||
            bounds.right() > picture.right() || bounds.bottom() > picture.bottom()) {
            Scene one;
            one.add(item);
            found.push_back(describe(one));
        }
    }
    return found;
}

inline bool hasText(const Scene& scene, const QString& part) {
    return std::ranges::any_of(scene.items, [&](const Item& item) {
        const auto* const text = std::get_if<Text>(&item);
        const auto* const box = std::get_if<Box>(&item);
        return (text != nullptr && text->text.contains(part)) ||
               (box != nullptr && box->label.contains(part));
    });
}

} // namespace interleave::chart
