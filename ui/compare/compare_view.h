// SPDX-License-Identifier: GPL-3.0-or-later
// The comparison in the window. It has a time axis of its own, since it shows runs that are longer
// than the one in the other views, and shares the cursor and the theme with them.
#pragma once

#include "ui/chart/scene_view.h"
#include "ui/compare/compare_geometry.h"
#include "ui/theme/view_painter.h"

#include <memory>

class QCheckBox;
class QComboBox;
class QHBoxLayout;

namespace interleave::ui {

class CompareView : public chart::SceneView {
    Q_OBJECT

public:
    explicit CompareView(ViewState& state, QWidget* parent = nullptr);
    ~CompareView() override;

    /// Its own time scale, with the cursor.
    ViewState& time() { return *m_time; }
    void setRecordings(Recordings recordings);
    CompareSort sort() const { return m_sort; }
    void setSort(CompareSort sort);
    /// Timelines of all repeated runs, not of the one in the middle.
    void setShowsEveryRun(bool shows);
    const CompareModel& model() const { return m_model; }
    /// Puts a control beside those of the view.
    void addToBar(QWidget* control);
    /// Index in the order given; none: the run under `sequential`, else the first.
    void setBaseline(std::optional<std::size_t> baseline);
    /// The state of this view's own time axis.
    ViewState& timeState() { return *m_time; }

    /// What is on screen, for exports; null without recordings.
    std::unique_ptr<ViewPainter> painter() const;

Q_SIGNALS:
    /// The reader clicked on a run: its index in the order given.
    void runChosen(int index);
    /// The runs or the baseline.
    void modelChanged();

protected:
    chart::Picture pictureFor(QSizeF size) override;
    double preferredHeight() const override;
    QString toolTipAt(QPointF position) override;
    void clickAt(QPointF position) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    CompareView(ViewState& state, std::unique_ptr<ViewState> time, QWidget* parent);
    void connectStates(ViewState& state);
    void makeChoosers();
    void fillBaselines();
    void placeChoosers();
    void rebuild();
    CompareInputs inputsFor(QSizeF size) const;

    std::unique_ptr<ViewState> m_time;
    Recordings m_recordings;
    CompareSort m_sort = CompareSort::AsGiven;
    std::optional<std::size_t> m_baseline;
    CompareModel m_model;
    ComparePicture m_shown;
    QWidget* m_bar = nullptr;
    QComboBox* m_sortChooser = nullptr;
    QComboBox* m_baselineChooser = nullptr;
    QCheckBox* m_everyRun = nullptr;
    QHBoxLayout* m_barLayout = nullptr;
};

} // namespace interleave::ui
