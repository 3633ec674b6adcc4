// SPDX-License-Identifier: GPL-3.0-or-later
// Presenter: the window as a lecturer shows it: the whole screen, everything enlarged, only the
// views that were chosen, and a clicker's two keys that walk from bookmark to bookmark. It puts
// the window back as it was.
#pragma once

#include <QGraphicsView> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/panels/guide_panel.h"
#include "ui/replay/replay_player.h"

#include <functional>
#include <set>
#include <utility>

class QGraphicsProxyWidget;
class QKeyEvent;
class QLabel;
class QMainWindow;

namespace interleave::ui {

/// Shows a widget larger than it is.
class PresentationStage : public QGraphicsView {
    Q_OBJECT

public:
    explicit PresentationStage(QWidget* content, QWidget* parent = nullptr);
    ~PresentationStage() override;
    /// Gives the widget back, without a parent.
    QWidget* takeContent();
    void setFactor(double factor);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void fit();

    QGraphicsProxyWidget* m_proxy;
    double m_factor = 1;
};

class Presenter : public QObject {
    Q_OBJECT

public:
    Presenter(QMainWindow& window, ReplayPlayer& player);

    bool isPresenting() const { return m_stage != nullptr; }
    /// Views that are gone through; one that is not chosen isn't shown.
    const std::set<ViewKind>& chosenViews() const { return m_chosen; }
    void setChosen(ViewKind view, bool isChosen);
    double enlargement() const { return m_factor; }
    /// Within 1 and 3.
    void setEnlargement(double factor);

    /// `chrome` is hidden meanwhile; `current` is the view that is shown.
    void enter(const QList<QWidget*>& chrome, ViewKind current);
    void leave();
    void nextStep() { step(true); }
    void previousStep() { step(false); }
    /// Something with steps of its own, which come first: a lesson. It says whether it took one.
    void setOwnSteps(std::function<bool(bool isForward)> step) { m_ownStep = std::move(step); }
    /// Whether the key meant something here.
    bool handleKey(const QKeyEvent& event);

    static constexpr double kLeastEnlargement = 1;
    static constexpr double kMostEnlargement = 3;

Q_SIGNALS:
    void presentingChanged(bool isPresenting);
    void viewWanted(interleave::ui::ViewKind view);
    void enlargementChanged(double factor);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void step(bool isForward);
    void cycleView(int by);
    void showCaption();

    QMainWindow& m_window;
    ReplayPlayer& m_player;
    std::set<ViewKind> m_chosen;
    double m_factor = 1.5;
    ViewKind m_current = ViewKind::Gantt;
    PresentationStage* m_stage = nullptr;
    QLabel* m_caption = nullptr;
    std::function<bool(bool)> m_ownStep;
    QWidget* m_blank = nullptr;
    QList<QWidget*> m_hidden; // what enter() hid
    bool m_wasFullScreen = false;
};

} // namespace interleave::ui
