// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/presenter.h"

#include "ui/view_state/paint_ratio.h"

#include <QApplication>
#include <QGraphicsProxyWidget>
#include <QKeyEvent>
#include <QLabel>
#include <QMainWindow>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace interleave::ui {

namespace {

constexpr double kStep = 0.25;
constexpr int kCaptionPx = 20; // at an enlargement of 1

} // namespace

PresentationStage::PresentationStage(QWidget* content, QWidget* parent)
    : QGraphicsView(parent) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setRenderHint(QPainter::TextAntialiasing);
    setScene(new QGraphicsScene(this));
    m_proxy = scene()->addWidget(content);
    content->show();
    m_proxy->show();
}

PresentationStage::~PresentationStage() {
    takeContent();
}

QWidget* PresentationStage::takeContent() {
    QWidget* content = m_proxy->widget();
    if (content != nullptr) {
        interleave::ui::setEnlargement(*content, 1);
        m_proxy->setWidget(nullptr);
    }
    return content;
}

void PresentationStage::setFactor(double factor) {
    m_factor = factor;
    fit();
}

void PresentationStage::fit() {
    if (QWidget* content = m_proxy->widget()) {
        interleave::ui::setEnlargement(*content, m_factor);
        setTransform(QTransform::fromScale(m_factor, m_factor));
        const QSizeF size = QSizeF(viewport()->size()) / m_factor;
        content->setMinimumSize(0, 0);
        m_proxy->setGeometry(QRectF(QPointF(0, 0), size));
        setSceneRect(QRectF(QPointF(0, 0), size));
        content->update();
    }
}

void PresentationStage::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    fit();
}

/// The scene never scrolls; what is in it may.
void PresentationStage::wheelEvent(QWheelEvent* event) {
    QGraphicsView::wheelEvent(event);
    event->accept();
}

Presenter::Presenter(QMainWindow& window, ReplayPlayer& player)
    : QObject(&window)
    , m_window(window)
    , m_player(player) {
    for (int i = 0; i < kViewKinds; ++i) {
        m_chosen.insert(static_cast<ViewKind>(i));
    }
    connect(&player, &ReplayPlayer::changed, this, &Presenter::showCaption);
}

void Presenter::setChosen(ViewKind view, bool isChosen) {
    isChosen ? void(m_chosen.insert(view)) : void(m_chosen.erase(view));
}

void Presenter::setEnlargement(double factor) {
    const double wanted = std::clamp(factor, kLeastEnlargement, kMostEnlargement);
    if (wanted != m_factor) {
        m_factor = wanted;
        if (isPresenting()) {
            m_stage->setFactor(m_factor);
            showCaption();
        }
        Q_EMIT enlargementChanged(m_factor);
    }
}

void Presenter::enter(const QList<QWidget*>& chrome, ViewKind current) {
    if (isPresenting()) {
        return;
    }
    for (QWidget* each : chrome) {
        if (each->isVisibleTo(&m_window)) {
            m_hidden.append(each);
            each->hide();
        }
    }
    m_wasFullScreen = m_window.isFullScreen();
    m_current = current;
    QWidget* content = m_window.takeCentralWidget();
    auto* page = new QWidget;
    m_stage = new PresentationStage(content, page);
    m_caption = new QLabel(page);
    m_caption->setWordWrap(true);
    m_caption->setTextFormat(Qt::PlainText);
    m_caption->setMargin(12);
    m_caption->setObjectName(QStringLiteral("presenterCaption"));
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_stage, 1);
    column->addWidget(m_caption);
    m_blank = new QWidget(&m_window);
    m_blank->setObjectName(QStringLiteral("presenterBlank"));
    m_blank->setStyleSheet(QStringLiteral("background: black"));
    m_blank->hide();
    m_window.setCentralWidget(page);
    m_stage->setFactor(m_factor);
    m_window.setWindowState(m_window.windowState().setFlag(Qt::WindowFullScreen, true));
    qApp->installEventFilter(this);
    m_stage->setFocus();
    if (!m_chosen.empty() && !m_chosen.contains(m_current)) {
        cycleView(1);
    }
    showCaption();
    Q_EMIT presentingChanged(true);
}

void Presenter::leave() {
    if (!isPresenting()) {
        return;
    }
    qApp->removeEventFilter(this);
    QWidget* content = m_stage->takeContent();
    m_stage = nullptr; // goes with the page
    m_caption = nullptr;
    m_window.setCentralWidget(content);
    content->show();
    delete std::exchange(m_blank, nullptr);
    for (QWidget* each : std::exchange(m_hidden, {})) {
        each->show();
    }
    m_window.setWindowState(m_window.windowState().setFlag(Qt::WindowFullScreen, m_wasFullScreen));
    Q_EMIT presentingChanged(false);
}

/// Bookmarks are the steps of a talk; where there are none, the events.
void Presenter::step(bool isForward) {
    if (m_ownStep && m_ownStep(isForward)) {
        return;
    }
    const ViewState* state = m_player.viewState();
    if (state != nullptr && !state->marks().isEmpty()) {
        isForward ? m_player.toNextBookmark() : m_player.toPreviousBookmark();
    } else {
        isForward ? m_player.stepForward() : m_player.stepBack();
    }
}

void Presenter::cycleView(int by) {
    if (m_chosen.empty()) {
        return;
    }
    auto at = by > 0 ? m_chosen.upper_bound(m_current) : m_chosen.lower_bound(m_current);
    if (by > 0) {
        at = at == m_chosen.end() ? m_chosen.begin() : at;
    } else {
        at = std::prev(at == m_chosen.begin() ? m_chosen.end() : at);
    }
    m_current = *at;
    Q_EMIT viewWanted(m_current);
}

void Presenter::showCaption() {
    if (m_caption == nullptr) {
        return;
    }
    QFont font = QApplication::font();
    font.setPixelSize(static_cast<int>(std::lround(kCaptionPx * m_factor)));
    m_caption->setFont(font);
    const ViewState* state = m_player.viewState();
    QString text;
    if (state != nullptr && state->momentNs()) {
        const QList<Mark>& marks = state->marks();
        const auto here = std::ranges::find(marks, *state->momentNs(), &Mark::timeNs);
        if (here != marks.end()) {
            text =
                tr("%1 of %2   %3").arg(here - marks.begin() + 1).arg(marks.size()).arg(here->note);
        }
    }
    m_caption->setText(text);
    m_caption->setVisible(!text.isEmpty());
}

bool Presenter::handleKey(const QKeyEvent& event) {
    const bool hasCtrl = event.modifiers().testFlag(Qt::ControlModifier);
    switch (event.key()) {
    case Qt::Key_PageDown:
        nextStep();
        return true;
    case Qt::Key_PageUp:
        previousStep();
        return true;
    case Qt::Key_Escape:
        m_blank->isVisible() ? m_blank->hide() : leave();
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        cycleView(event.key() == Qt::Key_Tab ? 1 : -1);
        return true;
    case Qt::Key_F5: // the start button of clickers: from the first step on
        m_player.toBegin();
        return true;
    case Qt::Key_B: // and their button for a dark screen
        m_blank->setGeometry(m_window.rect());
        m_blank->setVisible(!m_blank->isVisible());
        m_blank->raise();
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        if (hasCtrl) {
            setEnlargement(m_factor + kStep);
        }
        return hasCtrl;
    case Qt::Key_Minus:
        if (hasCtrl) {
            setEnlargement(m_factor - kStep);
        }
        return hasCtrl;
    case Qt::Key_0:
        if (hasCtrl) {
            setEnlargement(kLeastEnlargement);
        }
        return hasCtrl;
    default:
        return false;
    }
}

/// Before the widgets see them: a view would scroll by the clicker's page keys.
bool Presenter::eventFilter(QObject* watched, QEvent* event) {
    const auto* widget = qobject_cast<QWidget*>(watched);
    const bool isShortcut = event->type() == QEvent::ShortcutOverride;
    if (widget == nullptr || widget->window() != &m_window || !isPresenting() ||
        (event->type() != QEvent::KeyPress && !isShortcut)) {
        return QObject::eventFilter(watched, event);
    }
    const auto& key = static_cast<QKeyEvent&>(*event);
    if (isShortcut) { // so that it comes as a key and is nobody's shortcut
        event->accept();
        return true;
    }
    return handleKey(key);
}

} // namespace interleave::ui
