// SPDX-License-Identifier: GPL-3.0-or-later
// The kitchen as a view of the window: prepares a recording when it is looked at, and hands its
// picture to exports.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/analysis/kitchen.h"
#include "ui/theme/view_painter.h"
#include "ui/view_state/view_state.h"

#include <memory>

namespace interleave::ui {

class KitchenCanvas;

class KitchenView : public QWidget {
    Q_OBJECT

public:
    explicit KitchenView(ViewState& state, QWidget* parent = nullptr);

    KitchenCanvas& canvas() { return *m_canvas; }
    /// What is on screen, for exports; null without a recording.
    std::unique_ptr<ViewPainter> painter() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void prepare();

    ViewState& m_state;
    std::shared_ptr<const analysis::Kitchen> m_kitchen;
    KitchenCanvas* m_canvas;
};

} // namespace interleave::ui
