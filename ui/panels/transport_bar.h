// SPDX-License-Identifier: GPL-3.0-or-later
// TransportBar: drives the replay of whatever is shown: play, step, speed, loop, scrub, bookmarks.
// It stands under the views and belongs to all of them.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/replay/replay_player.h"

class QComboBox;
class QLabel;
class QToolButton;

namespace interleave::ui {

class BookmarkMenu;
class Scrubber;

class TransportBar : public QWidget {
    Q_OBJECT

public:
    explicit TransportBar(ReplayPlayer& player, QWidget* parent = nullptr);

    Scrubber& scrubber() { return *m_scrubber; }
    BookmarkMenu& bookmarks() { return *m_bookmarks; }
    /// "12.4 ms of 93.1 ms"; what it says.
    QString momentText() const;

private:
    QToolButton* button(const char* icon, const QString& name, const QString& toolTip);
    void build();
    void refresh();

    ReplayPlayer& m_player;
    QToolButton* m_begin;
    QToolButton* m_back;
    QToolButton* m_play;
    QToolButton* m_forward;
    QToolButton* m_end;
    QToolButton* m_loop;
    QToolButton* m_mark;
    QComboBox* m_speed;
    QLabel* m_moment;
    Scrubber* m_scrubber;
    BookmarkMenu* m_bookmarks;
};

} // namespace interleave::ui
