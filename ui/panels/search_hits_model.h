// SPDX-License-Identifier: GPL-3.0-or-later
// SearchHitsItemModel: the hits of a search as rows of a table: what, in which row, when, how long.
// Texts are made when a row is looked at.
#pragma once

#include "ui/view_state/view_state.h"

#include <QAbstractTableModel>
#include <QIcon>

#include <map>

namespace interleave::ui {

class SearchHitsItemModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int { kWhat, kRow, kTime, kDuration, kColumns };

    using QAbstractTableModel::QAbstractTableModel;

    void setHits(ViewState::RecordingPtr recording, std::shared_ptr<const SearchHits> hits);
    const std::shared_ptr<const SearchHits>& hits() const { return m_hits; }
    void setTheme(const Theme& theme);
    /// The first listed hit that begins at the time or later.
    int firstFrom(Nanoseconds time) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textOf(SpanRef hit, int column) const;

    ViewState::RecordingPtr m_recording;
    std::shared_ptr<const SearchHits> m_hits;
    std::map<State, QIcon> m_swatches;
};

/// A moment with its microseconds: "12.345 678 s".
QString momentText(Nanoseconds time);

} // namespace interleave::ui
