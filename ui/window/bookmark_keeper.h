// SPDX-License-Identifier: GPL-3.0-or-later
// BookmarkKeeper: the bookmarks of each run of the list, in memory and, once the recording has a
// file, beside it. What can't be written stays in memory and is told.
#pragma once

#include "engine/base/result.h"
#include "ui/session/run_list.h"
#include "ui/view_state/view_state.h"

#include <map>

namespace interleave::ui {

class BookmarkKeeper {
public:
    /// Those of a run that is to be shown; read once. An error is told once, too.
    Result<QList<Mark>> marksOf(const RunEntry& entry);
    /// The reader has changed them.
    Result<void> keep(const RunEntry& entry, const QList<Mark>& marks);
    /// The recording was saved: its bookmarks go along.
    Result<void> saved(const RunEntry& entry);

private:
    std::map<RunId, QList<Mark>> m_marks;
};

} // namespace interleave::ui
