// SPDX-License-Identifier: GPL-3.0-or-later
// The topology in the window: the picture, a time line under it, and what lets the moment move.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/theme/view_painter.h"
#include "ui/topology/topology_model.h"
#include "ui/view_state/view_state.h"

#include <memory>

class QComboBox;
class QLabel;
class QPushButton;

namespace interleave::ui {

class MomentPlayer;
class TopologyCanvas;
class TopologyStrip;

class TopologyView : public QWidget {
    Q_OBJECT

public:
    explicit TopologyView(ViewState& state, QWidget* parent = nullptr);

    TopologyCanvas& canvas() { return *m_canvas; }
    TopologyStrip& strip() { return *m_strip; }
    MomentPlayer& player() { return *m_player; }
    /// What is on screen, for exports; null without a recording.
    std::unique_ptr<ViewPainter> painter() const;

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    void prepare();
    void step(int by);
    void goToEnd();
    void updateBar();

    ViewState& m_state;
    MomentPlayer* m_player;
    std::shared_ptr<const TopologyModel> m_model;
    QWidget* m_bar;
    QPushButton* m_play;
    QPushButton* m_previous;
    QPushButton* m_next;
    QPushButton* m_end;
    QLabel* m_time;
    QComboBox* m_pace;
    QPushButton* m_fit;
    TopologyCanvas* m_canvas;
    TopologyStrip* m_strip;
};

} // namespace interleave::ui
