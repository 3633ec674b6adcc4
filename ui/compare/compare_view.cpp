// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_view.h"

#include "ui/chart/parts.h"
#include "ui/compare/compare_painter.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kBarPx = 38;

} // namespace

CompareView::CompareView(ViewState& state, QWidget* parent)
    : CompareView(state, std::make_unique<ViewState>(), parent) {}

CompareView::CompareView(ViewState& state, std::unique_ptr<ViewState> time, QWidget* parent)
    : SceneView(*time, parent)
    , m_time(std::move(time)) {
    setAccessibleName(tr("Comparison of runs"));
    makeChoosers();
    connectStates(state);
    rebuild();
}

CompareView::~CompareView() = default;

void CompareView::connectStates(ViewState& shared) {
    m_time->setTheme(shared.theme().kind);
    connect(&shared, &ViewState::themeChanged, this,
            [this, &shared] { m_time->setTheme(shared.theme().kind); });
    // Setting what is already so signals nothing, so the two don't chase each other.
    connect(&shared, &ViewState::hoverTimeChanged, this,
            [this, &shared] { m_time->setHoverTimeNs(shared.hoverTimeNs()); });
    connect(m_time.get(), &ViewState::hoverTimeChanged, &shared,
            [this, &shared] { shared.setHoverTimeNs(m_time->hoverTimeNs()); });
}

void CompareView::makeChoosers() {
    m_bar = new QWidget(this);
    m_sortChooser = new QComboBox(m_bar);
    m_baselineChooser = new QComboBox(m_bar);
    m_baselineChooser->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto* const sortLabel = new QLabel(tr("&Sort by"), m_bar);
    sortLabel->setBuddy(m_sortChooser);
    auto* const baselineLabel = new QLabel(tr("&Baseline"), m_bar);
    baselineLabel->setBuddy(m_baselineChooser);
    for (int i = 0; i < kCompareSorts; ++i) {
        m_sortChooser->addItem(titleOf(static_cast<CompareSort>(i)));
    }
    m_everyRun = new QCheckBox(tr("&Every run"), m_bar);
    m_everyRun->setToolTip(tr("Timelines of all repeated runs, not of the one in the middle"));
    m_barLayout = new QHBoxLayout(m_bar);
    m_barLayout->setContentsMargins(10, 4, 10, 4);
    m_barLayout->addWidget(baselineLabel);
    m_barLayout->addWidget(m_baselineChooser);
    m_barLayout->addSpacing(16);
    m_barLayout->addWidget(sortLabel);
    m_barLayout->addWidget(m_sortChooser);
    m_barLayout->addSpacing(16);
    m_barLayout->addWidget(m_everyRun);
    m_barLayout->addStretch();
    connect(m_everyRun, &QCheckBox::toggled, this, &CompareView::setShowsEveryRun);
    connect(m_sortChooser, &QComboBox::activated, this,
            [this](int index) { setSort(static_cast<CompareSort>(index)); });
    connect(m_baselineChooser, &QComboBox::activated, this,
            [this](int index) { setBaseline(static_cast<std::size_t>(index)); });
}

void CompareView::setRecordings(Recordings recordings) {
    std::erase(recordings, nullptr);
    if (recordings.size() != m_recordings.size()) {
        m_baseline.reset();
    }
    m_recordings = std::move(recordings);
    rebuild();
}

void CompareView::setSort(CompareSort sort) {
    m_sort = sort;
    m_sortChooser->setCurrentIndex(static_cast<int>(sort));
    sortBy(m_model, sort);
    refresh();
}

void CompareView::setShowsEveryRun(bool shows) {
    m_everyRun->setChecked(shows);
    refresh();
}

void CompareView::addToBar(QWidget* control) {
    m_barLayout->addWidget(control);
}

void CompareView::setBaseline(std::optional<std::size_t> baseline) {
    m_baseline = baseline;
    rebuild();
}

void CompareView::rebuild() {
    m_model = compareModelOf(m_recordings, m_sort, m_baseline);
    const auto longest = std::ranges::max_element(
        m_recordings, {}, [](const auto& recording) { return recording->range.endNs; });
    m_time->setRecording(longest == m_recordings.end() ? nullptr : *longest);
    fillBaselines();
    m_everyRun->setVisible(m_model.hasRepeats());
    placeChoosers();
    refresh();
    Q_EMIT modelChanged();
}

void CompareView::fillBaselines() {
    const QSignalBlocker blocker(m_baselineChooser);
    m_baselineChooser->clear();
    for (std::size_t i = 0; i < m_model.runs.size(); ++i) {
        const auto run = std::ranges::find(m_model.runs, i, &CompareRun::index);
        m_baselineChooser->addItem(QString::fromStdString(run->row.label));
        if (run->isBaseline) {
            m_baselineChooser->setCurrentIndex(static_cast<int>(i));
        }
    }
}

void CompareView::placeChoosers() {
    const bool isShown = !m_model.isEmpty();
    m_bar->setVisible(isShown);
    setViewportMargins(0, isShown ? kBarPx : 0, 0, 0);
    m_bar->setGeometry(0, 0, viewport()->width(), kBarPx); // the scroll bar stays beside it
}

void CompareView::resizeEvent(QResizeEvent* event) {
    SceneView::resizeEvent(event);
    placeChoosers();
}

std::unique_ptr<ViewPainter> CompareView::painter() const {
    return m_recordings.empty() ? nullptr
                                : std::make_unique<ComparePainter>(m_recordings, m_time->visible(),
                                                                   m_sort, m_baseline);
}

chart::Picture CompareView::pictureFor(QSizeF size) {
    m_shown = {};
    m_shown.picture.scene.size = size;
    if (m_model.isEmpty()) {
        chart::addEmptyState(m_shown.picture.scene, tr("Nothing to compare yet"),
                             tr("Run the same scenario under two or more models. Their runs appear "
                                "here, one below the other, on one time axis."));
    } else {
        m_shown = comparePicture(m_model, inputsFor(size));
    }
    return m_shown.picture;
}

CompareInputs CompareView::inputsFor(QSizeF size) const {
    return {m_time->visible(), size, gutterPx(), m_sort, m_everyRun->isChecked()};
}

double CompareView::preferredHeight() const {
    return preferredCompareHeight(m_model, inputsFor(viewport()->size()));
}

QString CompareView::toolTipAt(QPointF position) {
    return compareAt(m_model, m_shown, position);
}

void CompareView::clickAt(QPointF position) {
    for (const PlacedColumn& column : m_shown.columns) {
        if (column.rect.contains(position)) {
            setSort(column.sort == m_sort ? CompareSort::AsGiven : column.sort);
            return;
        }
    }
    for (const PlacedBar& bar : m_shown.bars) {
        if (position.x() < bar.row.left() && position.y() >= bar.row.top() &&
            position.y() < bar.row.bottom()) {
            Q_EMIT runChosen(static_cast<int>(m_model.groups[bar.group].typical));
            return;
        }
    }
    for (const PlacedRun& run : m_shown.runs) {
        if (run.rect.contains(position) && !run.plot.contains(position)) {
            Q_EMIT runChosen(static_cast<int>(run.index));
            return;
        }
    }
}

} // namespace interleave::ui
