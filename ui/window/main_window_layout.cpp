// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's parts and where they stand. The views get the larger part of the window at once.
#include "ui/window/main_window.h"

#include "ui/findings/findings_panel.h"
#include "ui/findings/recommendation_panel.h"
#include "ui/panels/details_panel.h"
#include "ui/panels/diagnostics_panel.h"
#include "ui/panels/gallery_panel.h"
#include "ui/panels/legend_panel.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/range_panel.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/setup_panel.h"
#include "ui/panels/spans_table.h"
#include "ui/panels/statistics_panel.h"
#include "ui/panels/tracks_panel.h"
#include "ui/panels/transport_bar.h"
#include "ui/window/batch_bar.h"
#include "ui/window/opening_bar.h"
#include "ui/window/pane_stack.h"
#include "ui/window/presenter.h"
#include "ui/window/unsaved_runs.h"
#include "ui/window/view_tabs.h"
#include "ui/window/window_actions.h"

#include <QCloseEvent>
#include <QComboBox>
#include <QDockWidget>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QScreen>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kLayoutVersion = 1;
constexpr QSize kPreferredSize{1360, 860};
constexpr QSize kSmallestSize{800, 480};
constexpr int kLeftWidthPx = 250;
constexpr int kBottomHeightPx = 172;
constexpr int kSetupHeightPx = 484;
constexpr int kRunsHeightPx = 320;

/// A dock without a title bar: its content has headings of its own, and space is for the views.
QDockWidget* plainDock(const QString& title, const QString& name, QWidget* content) {
    auto* dock = new QDockWidget(title);
    dock->setObjectName(name);
    dock->setTitleBarWidget(new QWidget(dock));
    dock->setFeatures(QDockWidget::DockWidgetClosable);
    dock->setWidget(content);
    return dock;
}

} // namespace

void MainWindow::buildCentre() {
    m_messages = new MessageStrip;
    m_gallery = new GalleryPanel;
    m_legend = new LegendPanel;
    m_panes = new PaneStack;
    m_centre = new QStackedWidget;
    m_centre->addWidget(m_gallery);
    m_centre->addWidget(m_panes);
    auto* centre = new QWidget;
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_messages);
    column->addWidget(m_legend);
    column->addWidget(m_centre, 1);
    m_transport = new TransportBar(m_player);
    column->addWidget(m_transport);
    setCentralWidget(centre);
}

void MainWindow::buildToolBar() {
    auto* bar = new QToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("tools"));
    bar->setMovable(false);
    bar->setIconSize({16, 16});
    bar->setToolButtonStyle(Qt::ToolButtonIconOnly);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->addAction(m_actions->open);
    bar->addAction(m_actions->save);
    bar->addSeparator();
    bar->addAction(m_actions->run);
    bar->addAction(m_actions->stop);
    bar->addSeparator();
    bar->addAction(m_actions->learn);
    bar->addSeparator();
    m_tabs = new ViewTabs;
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Views"));
    for (int i = 0; i < kViewKinds; ++i) {
        QAction* action = m_actions->views[static_cast<std::size_t>(i)];
        m_tabs->addTab(action->icon(), titleOf(static_cast<ViewKind>(i)));
        m_tabs->setTabToolTip(i, action->toolTip());
    }
    bar->addWidget(m_tabs);
    auto* gap = new QWidget;
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(gap);
    m_rows = new QComboBox;
    m_rows->setAccessibleName(tr("Rows of the Gantt"));
    m_rows->setToolTip(tr("What the rows of the Gantt are"));
    m_rows->addItems({tr("Rows: tasks"), tr("Rows: workers"), tr("Rows: cores")});
    bar->addWidget(m_rows);
    bar->addSeparator();
    bar->addActions({m_actions->back, m_actions->zoomOut, m_actions->zoomIn, m_actions->fit});
    bar->addSeparator();
    bar->addAction(m_actions->exportImage);
    addToolBar(bar);
}

void MainWindow::buildLeftDock() {
    m_setup = new SetupPanel;
    m_runsPanel = new RunsPanel(m_runs);
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_setup);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* top = new QWidget; // the buttons stay in sight however small the window is
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scroll, 1);
    column->addWidget(m_setup->buttons());
    auto* split = new QSplitter(Qt::Vertical);
    split->addWidget(top);
    split->addWidget(m_runsPanel);
    split->setChildrenCollapsible(false);
    split->setSizes({kSetupHeightPx, kRunsHeightPx});
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setMinimumWidth(kLeftWidthPx - 30);
    m_setupDock = plainDock(tr("&Set-up and runs"), QStringLiteral("setupDock"), split);
    addDockWidget(Qt::LeftDockWidgetArea, m_setupDock);
    resizeDocks({m_setupDock}, {kLeftWidthPx}, Qt::Horizontal);
    m_actions->panelsMenu->addAction(m_setupDock->toggleViewAction());
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
}

void MainWindow::buildBottomDock() {
    m_details = new DetailsPanel(describeSpan);
    m_statistics = new StatisticsPanel;
    m_diagnostics = new DiagnosticsPanel;
    m_guide = new GuidePanel;
    m_findings = new FindingsPanel;
    m_recommendation = new RecommendationPanel;
    m_bottom = new QTabWidget;
    m_bottom->setDocumentMode(true);
    auto* range = new RangePanel;
    auto* spans = new SpansTable;
    auto* tracks = new TracksPanel;
    m_bottom->addTab(m_details, tr("Details"));
    m_bottom->addTab(range, tr("Range"));
    m_bottom->addTab(spans, tr("Spans"));
    m_bottom->addTab(tracks, tr("Tracks"));
    m_bottom->addTab(m_statistics, tr("Statistics"));
    m_bottom->addTab(m_findings, tr("Findings"));
    m_bottom->addTab(m_recommendation, tr("Which model?"));
    m_bottom->addTab(m_diagnostics, tr("Diagnostics"));
    m_bottom->addTab(m_guide, tr("What to look for"));
    m_detailsDock = plainDock(tr("&Details"), QStringLiteral("detailsDock"), m_bottom);
    addDockWidget(Qt::BottomDockWidgetArea, m_detailsDock);
    resizeDocks({m_detailsDock}, {kBottomHeightPx}, Qt::Vertical);
    m_actions->panelsMenu->addAction(m_detailsDock->toggleViewAction());
    const auto lookAt = [range, spans, tracks](ViewState* state) {
        range->setViewState(state);
        spans->setViewState(state);
        tracks->setViewState(state);
    };
    lookAt(&m_panes->primary());
    connect(m_panes, &PaneStack::selectionMoved, this, lookAt);
    connect(m_panes, &PaneStack::shownChanged, this,
            [this, lookAt] { lookAt(&m_panes->primary()); });
    // The tab follows what was selected last, unless the reader looks at something else.
    connect(m_panes, &PaneStack::selectionMoved, this, [this, range] {
        if (m_bottom->currentWidget() == range) {
            m_bottom->setCurrentWidget(m_details);
        }
    });
    connect(range, &RangePanel::rangeSelected, this, [this, range] {
        if (m_bottom->currentWidget() == m_details) {
            m_bottom->setCurrentWidget(range);
        }
    });
    connect(m_detailsDock->toggleViewAction(), &QAction::triggered, this,
            [this](bool isWanted) { m_wantsDetails = isWanted; });
}

void MainWindow::buildStatusBar() {
    m_statusText = new QLabel;
    m_statusText->setTextFormat(Qt::PlainText);
    m_progress = new QProgressBar;
    m_progress->setRange(0, 0);
    m_progress->setMaximumSize(120, 12);
    m_progress->setTextVisible(false);
    m_progress->hide();
    m_sizeText = new QLabel;
    m_sizeText->setForegroundRole(QPalette::PlaceholderText);
    m_problems = new QToolButton;
    m_problems->setAutoRaise(true);
    m_problems->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_problems->hide();
    connect(m_problems, &QToolButton::clicked, this,
            [this] { m_bottom->setCurrentWidget(m_diagnostics); });
    statusBar()->addWidget(m_progress);
    statusBar()->addWidget(new OpeningBar(m_opener));
    m_batch = new BatchBar;
    statusBar()->addWidget(m_batch);
    statusBar()->addWidget(m_statusText, 1);
    statusBar()->addPermanentWidget(m_sizeText);
    statusBar()->addPermanentWidget(m_problems);
    statusBar()->setContentsMargins(6, 0, 8, 0);
    statusBar()->setSizeGripEnabled(false);
}

void MainWindow::restoreLayout() {
    setMinimumSize(kSmallestSize);
    const QSettings settings;
    const QSize available = QGuiApplication::primaryScreen()->availableSize();
    resize(kPreferredSize.boundedTo(available));
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("layout")).toByteArray(), kLayoutVersion);
    m_wantsDetails = settings.value(QStringLiteral("details"), true).toBool();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!mayClose(m_runs, this)) {
        event->ignore();
        return;
    }
    m_presenter->leave();
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("layout"), saveState(kLayoutVersion));
    settings.setValue(QStringLiteral("details"), m_wantsDetails);
    settings.setValue(QStringLiteral("scenario"), m_setup->setup().scenario);
    settings.setValue(QStringLiteral("model"), m_setup->setup().model);
    m_queue.stopAll();
    QMainWindow::closeEvent(event);
}

} // namespace interleave::ui
