// SPDX-License-Identifier: GPL-3.0-or-later
// RunListItemModel: the runs made and the recordings opened, newest last, for any Qt item view.
// Entries keep their RunId for life; rows change when entries are removed.
#pragma once

#include "ui/session/run_setup.h"
#include "ui/session/session_folder.h"
#include "ui/session/session_tail.h"

#include <QAbstractListModel>

#include <memory>
#include <vector>

namespace interleave::ui {

using RunId = Id<struct RunTag>;

enum class RunState {
    Waiting, // its turn has not come
    Running,
    Done,
    Stopped,
    Failed,
    Opened, // read from a file
};

struct RunEntry {
    RunId id;
    RunState state = RunState::Waiting;
    RunSetup setup;                        // for Opened: only what is needed to run it again
    RecordingPtr recording;                // none before the first snapshot
    QString file;                          // where it was opened from or saved to
    QString message;                       // why it failed
    bool lacksPart = false;                // that is why
    std::optional<int> exitCode;           // of a recorded program
    std::shared_ptr<SessionFolder> folder; // where it lies until it is saved; may be none

    /// True if its recording goes with the window.
    bool isUnsaved() const { return recording != nullptr && file.isEmpty(); }
};

class RunListItemModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole + 1, // RunId::value
        ModelRole,                 // "gil-threads"
        SummaryRole,               // workers, parameters
        SourceRole,                // "measured", empty before there is a recording
        MakespanRole,              // nanoseconds, invalid while unknown
        StateRole,                 // int(RunState)
        ShareRole,                 // makespan / longest makespan of the same scenario; for the bar
    };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    RunId add(RunEntry entry);
    void setState(RunId id, RunState state, const QString& message = {});
    void setRecording(RunId id, RecordingPtr recording);
    /// It has been saved there.
    void setFile(RunId id, const QString& file);
    void setLacksPart(RunId id);
    void setFolder(RunId id, std::shared_ptr<SessionFolder> folder);
    void setExitCode(RunId id, std::optional<int> exitCode);
    void remove(RunId id);

    /// Null if there is no such run.
    const RunEntry* find(RunId id) const;
    const std::vector<RunEntry>& entries() const { return m_entries; }
    QModelIndex indexOf(RunId id) const;
    RunId idAt(int row) const;
    /// True while some run waits or runs.
    bool isBusy() const;

Q_SIGNALS:
    void recordingChanged(interleave::ui::RunId id);
    void stateChanged(interleave::ui::RunId id);

private:
    RunEntry* entry(RunId id);
    void announce(RunId id);
    Nanoseconds longestMakespan(const std::string& scenario) const;

    std::vector<RunEntry> m_entries;
    std::uint32_t m_lastId = 0;
};

/// "12.4 ms", "running", "failed": what stands at the right of an entry.
QString stateText(const RunEntry& entry);
/// From first submission to last end; absent before there is a recording.
std::optional<Nanoseconds> makespanOf(const RunEntry& entry);
/// The setup that runs an opened recording's scenario again.
RunSetup setupOf(const recording::Recording& recording);

} // namespace interleave::ui
