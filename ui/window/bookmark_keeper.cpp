// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/bookmark_keeper.h"

#include "engine/storage/bookmark_file.h"

namespace interleave::ui {

namespace {

Result<void> write(const QString& file, const QList<Mark>& marks) {
    std::vector<storage::Bookmark> bookmarks;
    for (const Mark& mark : marks) {
        bookmarks.push_back({mark.timeNs, mark.label.toStdString(), mark.note.toStdString()});
    }
    return storage::writeBookmarks(file.toStdString(), bookmarks);
}

} // namespace

Result<QList<Mark>> BookmarkKeeper::marksOf(const RunEntry& entry) {
    const auto [known, isNew] = m_marks.try_emplace(entry.id);
    if (!isNew || entry.file.isEmpty()) {
        return known->second;
    }
    const auto read = storage::readBookmarks(entry.file.toStdString());
    if (!read) {
        return std::unexpected(read.error());
    }
    for (const storage::Bookmark& bookmark : *read) {
        known->second.append({bookmark.timeNs, QString::fromStdString(bookmark.label),
                              QString::fromStdString(bookmark.note)});
    }
    return known->second;
}

Result<void> BookmarkKeeper::keep(const RunEntry& entry, const QList<Mark>& marks) {
    m_marks[entry.id] = marks;
    return entry.file.isEmpty() ? Result<void>() : write(entry.file, marks);
}

Result<void> BookmarkKeeper::saved(const RunEntry& entry) {
    const auto known = m_marks.find(entry.id);
    return known == m_marks.end() || known->second.isEmpty() ? Result<void>()
                                                             : write(entry.file, known->second);
}

} // namespace interleave::ui
