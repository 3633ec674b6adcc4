// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/track_item_model.h"

#include "ui/theme/text.h"

#include <QFont>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr quintptr kGroup = 0; // internal id of a group; of a track: its group's row + 1

bool haveSameTracks(const std::vector<TrackGroup>& a, const std::vector<TrackGroup>& b) {
    return std::ranges::equal(a, b, [](const TrackGroup& x, const TrackGroup& y) {
        return x.id == y.id && x.title == y.title && x.tracks == y.tracks;
    });
}

} // namespace

void TrackItemModel::refresh(ViewState* state) {
    std::vector<TrackGroup> groups;
    ViewState::RecordingPtr recording = state != nullptr ? state->recording() : nullptr;
    if (recording) {
        TrackArrangement arrangement = state->tracks();
        arrangement.hidden.clear();
        groups = arrangedTracks(*recording, state->grouping(), arrangement).groups;
    }
    const bool isSame = m_state == state && haveSameTracks(groups, m_groups);
    if (!isSame) {
        beginResetModel();
    }
    m_state = state;
    m_recording = std::move(recording);
    m_groups = std::move(groups);
    if (!isSame) {
        endResetModel();
        return;
    }
    for (int group = 0; group < rowCount(); ++group) {
        const QModelIndex parent = index(group, 0);
        Q_EMIT dataChanged(parent, index(group, 1));
        Q_EMIT dataChanged(index(0, 0, parent), index(rowCount(parent) - 1, 1, parent));
    }
}

bool TrackItemModel::isGroup(const QModelIndex& index) const {
    return index.isValid() && index.internalId() == kGroup;
}

const TrackGroup* TrackItemModel::groupAt(const QModelIndex& index) const {
    if (!index.isValid()) {
        return nullptr;
    }
    const auto row = isGroup(index) ? static_cast<std::size_t>(index.row())
                                    : static_cast<std::size_t>(index.internalId() - 1);
    return row < m_groups.size() ? &m_groups[row] : nullptr;
}

TrackId TrackItemModel::trackAt(const QModelIndex& index) const {
    const TrackGroup* group = groupAt(index);
    return group == nullptr || isGroup(index)
               ? TrackId{}
               : group->tracks[static_cast<std::size_t>(index.row())];
}

QModelIndex TrackItemModel::indexOf(TrackId track) const {
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        const auto& tracks = m_groups[group].tracks;
        const auto found = std::ranges::find(tracks, track);
        if (found != tracks.end()) {
            return createIndex(static_cast<int>(found - tracks.begin()), 0, group + 1);
        }
    }
    return {};
}

QModelIndex TrackItemModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= columnCount()) {
        return {};
    }
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kGroup);
}

QModelIndex TrackItemModel::parent(const QModelIndex& index) const {
    return index.isValid() && !isGroup(index)
               ? createIndex(static_cast<int>(index.internalId()) - 1, 0, kGroup)
               : QModelIndex();
}

int TrackItemModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) {
        return static_cast<int>(m_groups.size());
    }
    return isGroup(parent) && parent.column() == 0
               ? static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].tracks.size())
               : 0;
}

int TrackItemModel::columnCount(const QModelIndex&) const {
    return 2;
}

Qt::ItemFlags TrackItemModel::flags(const QModelIndex& index) const {
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    return index.column() == 0 ? flags | Qt::ItemIsUserCheckable : flags;
}

bool TrackItemModel::isShown(TrackId track) const {
    return !m_state->tracks().isHidden(keyOf(m_recording->track(track)));
}

Qt::CheckState TrackItemModel::checkOf(const TrackGroup& group) const {
    const auto shown =
        std::ranges::count_if(group.tracks, [this](TrackId track) { return isShown(track); });
    return shown == 0                          ? Qt::Unchecked
           : shown == std::ssize(group.tracks) ? Qt::Checked
                                               : Qt::PartiallyChecked;
}

QVariant TrackItemModel::groupData(const TrackGroup& group, int column, int role) const {
    if (role == Qt::FontRole) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    if (column == 1) {
        return role == Qt::DisplayRole ? QVariant(countText(group.tracks.size())) : QVariant();
    }
    if (role == Qt::CheckStateRole) {
        return checkOf(group);
    }
    return role == Qt::DisplayRole ? QVariant(group.title) : QVariant();
}

QVariant TrackItemModel::trackData(TrackId id, int column, int role) const {
    const recording::Track& track = m_recording->track(id);
    if (column == 1) {
        return role == Qt::DisplayRole ? QVariant(spanCountText(track.spans.size())) : QVariant();
    }
    if (role == Qt::CheckStateRole) {
        return isShown(id) ? Qt::Checked : Qt::Unchecked;
    }
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return QString::fromStdString(track.name);
    }
    return {};
}

QVariant TrackItemModel::data(const QModelIndex& index, int role) const {
    const TrackGroup* group = groupAt(index);
    if (group == nullptr || !m_state) {
        return {};
    }
    if (role == Qt::TextAlignmentRole && index.column() == 1) {
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    }
    return isGroup(index) ? groupData(*group, index.column(), role)
                          : trackData(trackAt(index), index.column(), role);
}

QVariant TrackItemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == 0 ? tr("Track") : tr("Spans");
}

bool TrackItemModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const TrackGroup* group = groupAt(index);
    if (role != Qt::CheckStateRole || group == nullptr || !m_state) {
        return false;
    }
    const bool isHidden = value.toInt() == Qt::Unchecked;
    TrackArrangement tracks = m_state->tracks();
    const auto set = [&](TrackId track) {
        tracks.setHidden(keyOf(m_recording->track(track)), isHidden);
    };
    if (isGroup(index)) {
        std::ranges::for_each(group->tracks, set);
    } else {
        set(trackAt(index));
    }
    m_state->setTracks(std::move(tracks)); // comes back through refresh()
    return true;
}

} // namespace interleave::ui
