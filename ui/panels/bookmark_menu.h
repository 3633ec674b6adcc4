// SPDX-License-Identifier: GPL-3.0-or-later
// BookmarkMenu: the bookmarks of what is replayed: add one with a note, go to one, change or remove
// the one at the cursor.
#pragma once

#include <QMenu> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/replay/replay_player.h"

#include <functional>

namespace interleave::ui {

class BookmarkMenu : public QMenu {
    Q_OBJECT

public:
    /// Asks for a note; none: the reader thought better of it.
    using AskNote = std::function<std::optional<QString>(const QString& title, const QString& now)>;

    explicit BookmarkMenu(ReplayPlayer& player, QWidget* parent = nullptr);
    /// For tests, which can't type into a dialog that waits.
    void setAskNote(AskNote ask) { m_ask = std::move(ask); }

public Q_SLOTS:
    /// At the cursor: a new one, or another note where there is one.
    void addHere();
    void removeHere();

private:
    void refill();
    qsizetype markHere() const; // -1: none

    ReplayPlayer& m_player;
    AskNote m_ask;
};

} // namespace interleave::ui
