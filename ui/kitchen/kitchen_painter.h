// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the kitchen: what stays the same, and a moment of it. The window and the exports use the
// same functions.
#pragma once

#include "ui/chart/scene.h"
#include "ui/kitchen/kitchen_layout.h"
#include "ui/kitchen/kitchen_scene.h"
#include "ui/theme/view_painter.h"

#include <memory>
#include <optional>

namespace interleave::ui {

/// Floors, ovens, shelves, boards, rails and the key; it stays as long as the layout does.
void paintKitchenRoom(QPainter& painter, const analysis::Kitchen& kitchen,
                      const KitchenLayout& layout, const Theme& theme);
/// Chefs, dishes, knives and the numbers. `selected`: a task that is pointed out.
void paintKitchenScene(QPainter& painter, const analysis::Kitchen& kitchen,
                       const KitchenLayout& layout, const KitchenScene& scene, const Theme& theme,
                       TaskId selected = {});

/// What the view shows where there is nobody.
chart::Scene emptyKitchenScene(QSizeF size, bool hasRecording);

class KitchenPainter : public ViewPainter {
public:
    /// `when`: the moment; none: the busiest one. A kitchen that was prepared before saves time.
    KitchenPainter(std::shared_ptr<const analysis::Kitchen> kitchen, TimeRange visible,
                   std::optional<Nanoseconds> when = {});

    void setMoment(Nanoseconds when) { m_when = when; }
    void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    QSize preferredSize() const override;
    QList<LegendEntry> legend(const Theme& theme) const override;

private:
    std::shared_ptr<const analysis::Kitchen> m_kitchen;
    TimeRange m_visible;
    Nanoseconds m_when = 0;
};

} // namespace interleave::ui
