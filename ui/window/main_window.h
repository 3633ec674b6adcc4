// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow: the program's window. It introduces set-up, runs, views and panels to each other;
// what they do is theirs. It never executes work: runs are processes of their own.
#pragma once

#include "ui/findings/rerun.h"
#include "ui/panels/guide_panel.h"
#include "ui/replay/replay_keys.h"
#include "ui/session/left_out.h"
#include "ui/session/run_queue.h"
#include "ui/session/session_folder.h"
#include "ui/window/bookmark_keeper.h"
#include "ui/window/command_palette.h"
#include "ui/window/file_opener.h"
#include "ui/window/theme_choice.h"
#include "ui/window/view_factory.h"

#include <QMainWindow>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QDockWidget;
class QLabel;
class QProgressBar;
class QStackedWidget;
class QTabBar;
class QTabWidget;
class QToolButton;

namespace interleave::ui {

class BatchBar;
class DetailsPanel;
class DiagnosticsPanel;
class FindingsPanel;
class GalleryPanel;
class LegendPanel;
class LessonPanel;
class LessonStage;
class MessageStrip;
class KeyboardLabels;
class PaneStack;
class Presenter;
class RecommendationPanel;
class RunPane;
class RunsPanel;
class SearchPanel;
class SetupPanel;
class StatisticsPanel;
class TransportBar;
class WindowActions;

struct WindowOptions {
    QString program; // the interleave program, which executes the runs
    QStringList files;
    /// Where a killed program may have left runs.
    std::vector<std::filesystem::path> recoveryPlaces = sessionPlaces();
};

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const WindowOptions& options, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openFile(const QString& file);
    RunListItemModel& runs() { return m_runs; }
    MessageStrip& messages() { return *m_messages; }
    SetupPanel& setup() { return *m_setup; }
    PaneStack& panes() { return *m_panes; }
    ThemeChoice& theme() { return m_theme; }
    WindowActions& actions() { return *m_actions; }
    ViewKind view() const { return m_view; }
    SearchPanel& search() { return *m_search; }
    FindingsPanel& findings() { return *m_findings; }
    RecommendationPanel& recommendation() { return *m_recommendation; }
    QTabWidget& bottom() { return *m_bottom; }
    CommandPalette& palette() { return *m_palette; }
    ReplayPlayer& player() { return m_player; }
    TransportBar& transport() { return *m_transport; }
    Presenter& presenter() { return *m_presenter; }
    BatchBar& batch() { return *m_batch; }
    LessonPanel& lessons() { return *m_lessons; }
    LessonStage& lessonStage() { return *m_lessonStage; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildCentre();
    void buildToolBar();
    void buildLeftDock();
    void buildBottomDock();
    void buildSearchDock();
    void buildLessons();
    void buildStatusBar();
    void restoreLayout();
    void connectFileActions();
    void connectRunActions();
    void connectViewActions();
    void connectNavigation();
    void connectRuns();
    void connectReplay();
    void connectPresenter();
    void connectFindings();
    void connectLessons();
    void loadScenarios();

    bool isLearning() const;
    bool isOnStage() const;
    bool showsRuns() const;
    void setLearning(bool isLearning);
    void chooseLesson();
    void updateLesson();
    void showFinishLines();
    void presentLesson();
    bool presentLessonStep(bool isForward);

    void run();
    void runAll();
    void enqueue(const std::vector<RunSetup>& setups, int rounds);
    bool leaveOut(const RunEntry& entry);
    void runAgain(const QString& model);
    void chooseCluster();
    void recordAgain();
    std::optional<RunSetup> askedAgain(const RunSetup& setup);
    void tryCure(const models::Changes& changes);
    void proveRecommendation(const std::vector<models::RunChoice>& choices, int repeat);
    void updateRerun();
    void followProof();
    void record(const RunSetup& setup);
    void chooseProgram();
    void runExample(const QString& scenario);
    void show(RunId id);
    void stack(RunId id);
    void remove(RunId id);
    void onRunEnded(RunId id);
    void onRecordingChanged(RunId id);
    void onShownChanged();

    void present();
    void updateReplay();
    void performReplay(ReplayAction action);
    bool handleReplayKey(const QKeyEvent& event);
    void showMarks(RunPane* pane);
    void keepMarks(RunPane* pane);

    void setView(ViewKind view);
    void applyTheme();
    void updateCentre();
    void updateCompare();
    void updatePanels();
    void updateActions();
    void updateStatus();
    void updateTitle();
    void updateModelTitle();
    void chooseRows();
    void updateSearch();
    void openSearch();
    void closeSearch();
    void openPalette();
    void openKeys();
    std::vector<Command> commands();
    void cyclePane(int step);
    void refillRecentMenu();

    void chooseFiles();
    void chooseScenario();
    RunId pictureOf(const QString& file) const;
    void addOpened(const QString& file, const RecordingPtr& recording);
    void saveRecording();
    void exportImage();
    void exportSpans();
    void exportStatistics();
    void tell(const Result<void>& written, const QString& success);
    std::vector<RunId> comparableRuns() const;
    std::vector<RecordingPtr> comparableRecordings() const;
    RecordingPtr shownRecording() const;

    RunListItemModel m_runs;
    RunQueue m_queue;
    ThemeChoice m_theme;
    FileOpener m_opener;
    ReplayPlayer m_player;
    BookmarkKeeper m_bookmarks;
    std::unique_ptr<WindowActions> m_actions;
    ViewState m_compareState;
    CompareWidget m_compare; // made when first looked at
    QTimer m_panelsTimer;    // panels follow a live run a little behind
    ViewKind m_view = ViewKind::Gantt;
    bool m_isEmpty = false;       // nothing is shown yet
    bool m_wantsDetails = true;   // whether the details dock is seen when something is
    bool m_hasChosenRows = false; // the user has, so the window no longer does
    LeftOut m_leftOut;            // of the runs under way
    bool m_comparesAtEnd = false; // several runs at one click end in the comparison

    MessageStrip* m_messages = nullptr;
    QStackedWidget* m_centre = nullptr;
    GalleryPanel* m_gallery = nullptr;
    PaneStack* m_panes = nullptr;
    LegendPanel* m_legend = nullptr;
    QTabBar* m_tabs = nullptr;
    QComboBox* m_rows = nullptr;
    SetupPanel* m_setup = nullptr;
    RunsPanel* m_runsPanel = nullptr;
    TransportBar* m_transport = nullptr;
    Presenter* m_presenter = nullptr;
    QDockWidget* m_detailsDock = nullptr;
    QDockWidget* m_setupDock = nullptr;
    QDockWidget* m_lessonDock = nullptr;
    LessonPanel* m_lessons = nullptr;
    LessonStage* m_lessonStage = nullptr;
    QTabWidget* m_bottom = nullptr;
    QDockWidget* m_searchDock = nullptr;
    SearchPanel* m_search = nullptr;
    CommandPalette* m_palette = nullptr;
    KeyboardLabels* m_keyboard = nullptr;
    DetailsPanel* m_details = nullptr;
    StatisticsPanel* m_statistics = nullptr;
    DiagnosticsPanel* m_diagnostics = nullptr;
    FindingsPanel* m_findings = nullptr;
    RecommendationPanel* m_recommendation = nullptr;
    GuidePanel* m_guide = nullptr;
    BatchBar* m_batch = nullptr;
    QLabel* m_statusText = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_sizeText = nullptr;
    QToolButton* m_problems = nullptr;
};

/// Opens the window with the files and runs until it is closed; the program's exit code.
int runWindow(const std::vector<std::string>& files, int argc, char** argv);

} // namespace interleave::ui
