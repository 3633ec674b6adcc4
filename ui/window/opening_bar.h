// SPDX-License-Identifier: GPL-3.0-or-later
// OpeningBar: which trace is being read, how far it is, and a button to cancel. Shows itself only
// when that takes long enough to be noticed.
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace interleave::ui {

class FileOpener;

class OpeningBar : public QWidget {
    Q_OBJECT

public:
    /// The opener must outlive the bar.
    explicit OpeningBar(FileOpener& opener, QWidget* parent = nullptr);

    static constexpr int kPatienceMs = 150; // what takes less needs no bar

private:
    void follow();
    void refresh();

    FileOpener& m_opener;
    QTimer m_timer;
    int m_ticks = 0; // since the reading began
    QLabel* m_file;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
};

} // namespace interleave::ui
