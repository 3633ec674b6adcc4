// SPDX-License-Identifier: GPL-3.0-or-later
// The utilisation view in the window: cores, load, parallelism, switches and memory on the shared
// time axis.
#pragma once

#include "ui/chart/scene_view.h"
#include "ui/theme/view_painter.h"
#include "ui/utilisation/utilisation_geometry.h"

#include <memory>

namespace interleave::ui {

class UtilisationView : public chart::SceneView {
    Q_OBJECT

public:
    explicit UtilisationView(ViewState& state, QWidget* parent = nullptr);

    /// What is on screen, for exports; null without a recording.
    std::unique_ptr<ViewPainter> painter() const;

protected:
    void prepare() override;
    chart::Picture pictureFor(QSizeF size) override;
    double preferredHeight() const override;
    QString toolTipAt(QPointF position) override;

private:
    std::shared_ptr<const recording::Recording> m_recording;
    UtilisationSeries m_series;
    UtilisationPicture m_shown;
};

} // namespace interleave::ui
