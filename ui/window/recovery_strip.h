// SPDX-License-Identifier: GPL-3.0-or-later
// RecoveryStrip: offers the runs that a killed program left, each with Recover and Discard. What is
// neither stays where it is and is offered again at the next start.
#pragma once

#include "ui/session/session_recovery.h"
#include "ui/theme/theme.h"

#include <QThreadPool>
#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace interleave::ui {

class MainWindow;

class RecoveryStrip : public QWidget {
    Q_OBJECT

public:
    explicit RecoveryStrip(QWidget* parent = nullptr);
    ~RecoveryStrip() override;

    /// Looks for runs off the window's thread.
    void look(const std::vector<std::filesystem::path>& places);
    void offer(std::vector<LeftRun> runs);
    const std::vector<LeftRun>& offered() const { return m_runs; }
    void setTheme(const Theme& theme);
    bool isBusy() const { return m_pending > 0; }

    void recover(std::size_t index);
    void discard(std::size_t index);

Q_SIGNALS:
    void looked();
    void recovered(const interleave::ui::LeftRun& run, interleave::ui::RecordingPtr recording);
    void failed(const QString& sentence);

private:
    void rebuild();
    QWidget* makeRow(std::size_t index);
    QWidget* makeRest();

    std::vector<LeftRun> m_runs;
    QVBoxLayout* m_layout;
    Theme m_theme;
    int m_pending = 0;
    QThreadPool m_pool;
};

/// Puts a strip at the top of the window and what is recovered into its list of runs.
RecoveryStrip* offerRecovery(MainWindow& window, const std::vector<std::filesystem::path>& places);

} // namespace interleave::ui
