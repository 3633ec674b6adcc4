// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/tracks_panel.h"

#include "ui/panels/track_item_model.h"
#include "ui/theme/text.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kDelayMs = 250;

QToolButton* textButton(const QString& text, const QString& tip) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    return button;
}

} // namespace

TracksPanel::TracksPanel(QWidget* parent)
    : QWidget(parent)
    , m_filter(new QLineEdit)
    , m_count(new QLabel)
    , m_showHidden(textButton({}, tr("Show the hidden tracks again")))
    , m_undo(textButton(tr("&Undo"), tr("Undo the last change of the rows")))
    , m_tree(new QTreeView)
    , m_model(new TrackItemModel(this)) {
    m_filter->setPlaceholderText(tr("Filter tracks by name"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(280);
    auto* fold = textButton(tr("&Collapse all"), tr("One row for each group"));
    auto* unfold = textButton(tr("&Expand all"), tr("All groups with their tracks"));
    m_tree->setModel(m_model);
    m_tree->setAccessibleName(tr("Tracks"));
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->resizeSection(1, 120);
    m_tree->installEventFilter(this);
    m_tree->viewport()->installEventFilter(this);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(10, 0, 6, 0);
    head->setSpacing(8);
    head->addWidget(m_filter, 1);
    head->addWidget(m_count);
    head->addWidget(m_showHidden);
    head->addStretch(1);
    for (QToolButton* button : {fold, unfold, m_undo}) {
        head->addWidget(button);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(m_tree, 1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &TracksPanel::refresh);
    connect(m_filter, &QLineEdit::textChanged, this, &TracksPanel::applyFilter);
    connect(m_showHidden, &QToolButton::clicked, this, [this] { showHiddenTracks(*m_state); });
    connect(m_undo, &QToolButton::clicked, this, [this] { m_state->undoTracks(); });
    connect(fold, &QToolButton::clicked, this, [this] { setAllFolded(*m_state, true); });
    connect(unfold, &QToolButton::clicked, this, [this] { setAllFolded(*m_state, false); });
    connect(m_tree, &QTreeView::collapsed, this,
            [this](const QModelIndex& index) { setFolded(index, true); });
    connect(m_tree, &QTreeView::expanded, this,
            [this](const QModelIndex& index) { setFolded(index, false); });
}

void TracksPanel::setViewState(ViewState* state) {
    if (m_state == state) {
        return;
    }
    if (m_state) {
        m_state->disconnect(this);
    }
    m_state = state;
    if (m_state) {
        connect(m_state, &ViewState::tracksChanged, this, &TracksPanel::refresh);
        connect(m_state, &ViewState::groupingChanged, this, &TracksPanel::refresh);
        connect(m_state, &ViewState::recordingChanged, this, [this] {
            if (!m_timer.isActive()) {
                m_timer.start();
            }
        });
    }
    refresh();
}

QString TracksPanel::shownText() const {
    if (!m_state || !m_state->recording()) {
        return {};
    }
    const ArrangedTracks tracks =
        arrangedTracks(*m_state->recording(), m_state->grouping(), m_state->tracks());
    const QString total = countText(tracks.total);
    return tracks.shown == tracks.total ? tr("%1 tracks").arg(total)
                                        : tr("%1 / %2 tracks").arg(countText(tracks.shown), total);
}

void TracksPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void TracksPanel::refresh() {
    if (!isVisible()) {
        return;
    }
    const bool hasTracks = m_state && m_state->recording();
    setEnabled(hasTracks);
    m_count->setText(shownText());
    m_undo->setEnabled(hasTracks && m_state->canUndoTracks());
    const std::size_t hidden = hasTracks ? m_state->tracks().hidden.size() : 0;
    m_showHidden->setVisible(hidden > 0);
    m_showHidden->setText(tr("%1 hidden: &show").arg(hidden));
    if (hasTracks && m_filter->text() != m_state->tracks().filter) {
        const QSignalBlocker blocker(m_filter);
        m_filter->setText(m_state->tracks().filter);
    }
    m_isRefreshing = true;
    const TrackMenuSubject current = currentSubject();
    m_model->refresh(m_state);
    const auto& groups = m_model->groups();
    for (std::size_t group = 0; group < groups.size(); ++group) {
        const QModelIndex index = m_model->index(static_cast<int>(group), 0);
        m_tree->setExpanded(index, !groups[group].isFolded);
        if (!m_tree->currentIndex().isValid() && current.track.isNone() &&
            groups[group].id == current.group) {
            m_tree->setCurrentIndex(index);
        }
    }
    // After a move the row is elsewhere, and the keys stay with it.
    if (const QModelIndex index = m_model->indexOf(current.track); index.isValid()) {
        m_tree->setCurrentIndex(index);
    }
    m_isRefreshing = false;
}

void TracksPanel::applyFilter(const QString& text) {
    if (m_state) {
        TrackArrangement tracks = m_state->tracks();
        tracks.filter = text;
        m_state->setTracks(std::move(tracks));
    }
}

void TracksPanel::setFolded(const QModelIndex& index, bool isFolded) {
    const TrackGroup* group = m_model->groupAt(index);
    if (m_isRefreshing || group == nullptr || !m_state) {
        return;
    }
    TrackArrangement tracks = m_state->tracks();
    tracks.setFolded(group->id, isFolded);
    m_state->setTracks(std::move(tracks));
}

TrackMenuSubject TracksPanel::currentSubject() const {
    const QModelIndex index = m_tree->currentIndex();
    const TrackGroup* group = m_model->groupAt(index);
    return group == nullptr ? TrackMenuSubject{}
                            : TrackMenuSubject{m_model->trackAt(index), group->id};
}

bool TracksPanel::handleKey(int key, Qt::KeyboardModifiers modifiers) {
    const TrackId track = currentSubject().track;
    if (!m_state || !m_state->recording() || track.isNone()) {
        return false;
    }
    const bool isMove = modifiers == (Qt::ControlModifier | Qt::ShiftModifier) &&
                        (key == Qt::Key_Up || key == Qt::Key_Down);
    if (isMove) {
        moveTrackBy(*m_state, track, key == Qt::Key_Up ? -1 : 1);
        return true;
    }
    const bool isPin = key == Qt::Key_P && modifiers == Qt::NoModifier;
    if (isPin) {
        const TrackKey of = keyOf(m_state->recording()->track(track));
        TrackArrangement tracks = m_state->tracks();
        tracks.setPinned(of, !tracks.isPinned(of));
        m_state->setTracks(std::move(tracks));
    }
    return isPin;
}

void TracksPanel::showMenu(QPoint globalPoint) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillTrackMenu(*menu, *m_state, currentSubject());
    menu->popup(globalPoint);
}

bool TracksPanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && watched == m_tree) {
        const auto* key = static_cast<QKeyEvent*>(event);
        return handleKey(key->key(), key->modifiers());
    }
    if (event->type() == QEvent::ContextMenu && m_state && m_state->recording()) {
        const auto* menu = static_cast<QContextMenuEvent*>(event);
        const bool isByKey = menu->reason() == QContextMenuEvent::Keyboard;
        const QRect row = m_tree->visualRect(m_tree->currentIndex());
        showMenu(isByKey ? m_tree->viewport()->mapToGlobal(row.bottomLeft()) : menu->globalPos());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace interleave::ui
