// SPDX-License-Identifier: GPL-3.0-or-later
// TrackItemModel: groups and their tracks as a tree of two levels. A check says that a track is
// shown; unchecking hides it.
#pragma once

#include "ui/view_state/view_state.h"

#include <QAbstractItemModel>

namespace interleave::ui {

class TrackItemModel : public QAbstractItemModel {
    Q_OBJECT

public:
    using QAbstractItemModel::QAbstractItemModel;

    /// Hidden tracks are listed too, those that the filter leaves out are not.
    void refresh(ViewState* state);
    const std::vector<TrackGroup>& groups() const { return m_groups; }
    bool isGroup(const QModelIndex& index) const;
    TrackId trackAt(const QModelIndex& index) const;           // none for a group
    const TrackGroup* groupAt(const QModelIndex& index) const; // of a track: the one it is in
    QModelIndex indexOf(TrackId track) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

private:
    bool isShown(TrackId track) const;
    Qt::CheckState checkOf(const TrackGroup& group) const;
    QVariant groupData(const TrackGroup& group, int column, int role) const;
    QVariant trackData(TrackId track, int column, int role) const;

    QPointer<ViewState> m_state;
    ViewState::RecordingPtr m_recording;
    std::vector<TrackGroup> m_groups;
};

} // namespace interleave::ui
