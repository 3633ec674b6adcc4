// SPDX-License-Identifier: GPL-3.0-or-later
// The contention view in the window. A click on a row of its table, or the chooser above it when
// there are several locks, chooses the lock.
#pragma once

#include "ui/chart/scene_view.h"
#include "ui/contention/contention_geometry.h"
#include "ui/theme/view_painter.h"

#include <memory>

class QComboBox;

namespace interleave::ui {

class ContentionView : public chart::SceneView {
    Q_OBJECT

public:
    explicit ContentionView(ViewState& state, QWidget* parent = nullptr);

    /// What is on screen, for exports; null without a recording.
    std::unique_ptr<ViewPainter> painter();
    /// None if no lock was used.
    ObjectId chosenLock();

public Q_SLOTS:
    void chooseLock(interleave::ObjectId lock);

Q_SIGNALS:
    void lockChosen(interleave::ObjectId lock);

protected:
    void prepare() override;
    chart::Picture pictureFor(QSizeF size) override;
    double preferredHeight() const override;
    QString toolTipAt(QPointF position) override;
    void clickAt(QPointF position) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fillChooser();
    void placeChooser();

    std::shared_ptr<const recording::Recording> m_recording;
    ContentionModel m_model;
    ContentionPicture m_shown;
    QComboBox* m_chooser;
};

} // namespace interleave::ui
