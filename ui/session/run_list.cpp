// SPDX-License-Identifier: GPL-3.0-or-later
// RunListItemModel: what the entries say in each role.
#include "ui/session/run_list.h"

#include "ui/theme/text.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

QString plain(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString titleOf(const RunEntry& entry) {
    if (!entry.setup.scenarioName.isEmpty()) {
        return entry.setup.scenarioName;
    }
    return entry.setup.scenario;
}

QString summaryOfEntry(const RunEntry& entry) {
    QStringList parts;
    if (entry.recording && entry.recording->info.workers > 0) {
        parts << counted(entry.recording->info.workers, RunListItemModel::tr("worker"),
                         RunListItemModel::tr("workers"));
    } else if (entry.setup.workers) {
        parts << counted(*entry.setup.workers, RunListItemModel::tr("worker"),
                         RunListItemModel::tr("workers"));
    }
    for (const auto& [key, value] : entry.setup.settings) {
        parts << QString::fromStdString(key + " = " + value);
    }
    return parts.join(QStringLiteral(" · "));
}

} // namespace

int RunListItemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant RunListItemModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const RunEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    const auto makespan = makespanOf(entry);
    switch (role) {
    case Qt::DisplayRole:
        return titleOf(entry);
    case Qt::ToolTipRole:
        return entry.message.isEmpty()
                   ? tr("%1, %2\nClick: show. Ctrl+click: stack it with the one shown.")
                         .arg(titleOf(entry), summaryOf(entry.setup))
                   : entry.message;
    case Qt::AccessibleTextRole:
        return tr("%1 under %2, %3, %4, %5")
            .arg(titleOf(entry), entry.setup.model, summaryOfEntry(entry), stateText(entry),
                 index.data(SourceRole).toString());
    case IdRole:
        return entry.id.value;
    case ModelRole:
        return entry.setup.model;
    case SummaryRole:
        return summaryOfEntry(entry);
    case SourceRole:
        return entry.recording ? plain(recording::nameOf(entry.recording->info.source)) : QString();
    case MakespanRole:
        return makespan ? QVariant::fromValue(static_cast<qlonglong>(*makespan)) : QVariant();
    case StateRole:
        return static_cast<int>(entry.state);
    case ShareRole: {
        const Nanoseconds longest =
            entry.recording ? longestMakespan(entry.recording->info.scenario) : 0;
        return makespan && longest > 0 ? toSeconds(*makespan) / toSeconds(longest) : 0.0;
    }
    default:
        return {};
    }
}

Nanoseconds RunListItemModel::longestMakespan(const std::string& scenario) const {
    Nanoseconds longest = 0;
    for (const RunEntry& entry : m_entries) {
        if (entry.recording && entry.recording->info.scenario == scenario) {
            longest = std::max(longest, makespanOf(entry).value_or(0));
        }
    }
    return longest;
}

RunId RunListItemModel::add(RunEntry entry) {
    entry.id = RunId{++m_lastId};
    const RunId id = entry.id;
    beginInsertRows({}, rowCount(), rowCount());
    m_entries.push_back(std::move(entry));
    endInsertRows();
    return id;
}

void RunListItemModel::setState(RunId id, RunState state, const QString& message) {
    if (RunEntry* found = entry(id)) {
        found->state = state;
        found->message = message;
        announce(id);
        Q_EMIT stateChanged(id);
    }
}

void RunListItemModel::setRecording(RunId id, RecordingPtr recording) {
    if (RunEntry* found = entry(id)) {
        found->recording = std::move(recording);
        announce(id);
        Q_EMIT recordingChanged(id);
    }
}

void RunListItemModel::setFile(RunId id, const QString& file) {
    if (RunEntry* found = entry(id)) {
        found->file = file;
        found->folder.reset();
        announce(id);
    }
}

void RunListItemModel::setLacksPart(RunId id) {
    if (RunEntry* const found = entry(id)) {
        found->lacksPart = true;
    }
}

void RunListItemModel::setFolder(RunId id, std::shared_ptr<SessionFolder> folder) {
    if (RunEntry* found = entry(id)) {
        found->folder = std::move(folder);
    }
}

void RunListItemModel::setExitCode(RunId id, std::optional<int> exitCode) {
    if (RunEntry* found = entry(id)) {
        found->exitCode = exitCode;
    }
}

void RunListItemModel::remove(RunId id) {
    const QModelIndex index = indexOf(id);
    if (index.isValid()) {
        beginRemoveRows({}, index.row(), index.row());
        m_entries.erase(m_entries.begin() + index.row());
        endRemoveRows();
    }
}

/// Every row, since the bars of the others are drawn relative to the longest run.
void RunListItemModel::announce(RunId id) {
    if (indexOf(id).isValid()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

RunEntry* RunListItemModel::entry(RunId id) {
    const auto found = std::ranges::find(m_entries, id, &RunEntry::id);
    return found == m_entries.end() ? nullptr : &*found;
}

const RunEntry* RunListItemModel::find(RunId id) const {
    const auto found = std::ranges::find(m_entries, id, &RunEntry::id);
    return found == m_entries.end() ? nullptr : &*found;
}

QModelIndex RunListItemModel::indexOf(RunId id) const {
    const auto found = std::ranges::find(m_entries, id, &RunEntry::id);
    return found == m_entries.end() ? QModelIndex()
                                    : index(static_cast<int>(found - m_entries.begin()));
}

RunId RunListItemModel::idAt(int row) const {
    return row >= 0 && row < rowCount() ? m_entries[static_cast<std::size_t>(row)].id : RunId{};
}

bool RunListItemModel::isBusy() const {
    return std::ranges::any_of(m_entries, [](const RunEntry& entry) {
        return entry.state == RunState::Waiting || entry.state == RunState::Running;
    });
}

std::optional<Nanoseconds> makespanOf(const RunEntry& entry) {
    if (!entry.recording) {
        return std::nullopt;
    }
    const double seconds = entry.recording->info.makespanSeconds;
    if (seconds > 0) {
        return static_cast<Nanoseconds>(std::llround(seconds * 1e9));
    }
    return entry.recording->range.durationNs();
}

QString stateText(const RunEntry& entry) {
    const auto makespan = makespanOf(entry);
    const QString length = makespan ? durationText(*makespan) : QString();
    switch (entry.state) {
    case RunState::Waiting:
        return RunListItemModel::tr("waiting");
    case RunState::Running:
        return makespan ? length : RunListItemModel::tr("starting");
    case RunState::Stopped:
        return RunListItemModel::tr("stopped");
    case RunState::Failed:
        return RunListItemModel::tr("failed");
    case RunState::Done:
    case RunState::Opened:
        break;
    }
    return length;
}

RunSetup setupOf(const recording::Recording& recording) {
    RunSetup setup;
    setup.scenarioName = QString::fromStdString(recording.info.scenario);
    setup.model = QString::fromStdString(recording.info.model);
    if (recording.info.workers > 0) {
        setup.workers = recording.info.workers;
    }
    setup.settings = recording.info.parameters;
    return setup;
}

} // namespace interleave::ui
