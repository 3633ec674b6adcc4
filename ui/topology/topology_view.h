// SPDX-License-Identifier: GPL-3.0-or-later
// The topology in the window: the picture and a time line under it.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/theme/view_painter.h"
#include "ui/topology/topology_model.h"
#include "ui/view_state/view_state.h"

#include <memory>

class QPushButton;

namespace interleave::ui {

class TopologyCanvas;
class TopologyStrip;

class TopologyView : public QWidget {
    Q_OBJECT

public:
    explicit TopologyView(ViewState& state, QWidget* parent = nullptr);

    TopologyCanvas& canvas() { return *m_canvas; }
    TopologyStrip& strip() { return *m_strip; }
    /// What is on screen, for exports; null without a recording.
    std::unique_ptr<ViewPainter> painter() const;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void prepare();
    void placeFit();

    ViewState& m_state;
    std::shared_ptr<const TopologyModel> m_model;
    TopologyCanvas* m_canvas;
    TopologyStrip* m_strip;
    QPushButton* m_fit; // over the picture, while that has another size
};

} // namespace interleave::ui
