// SPDX-License-Identifier: GPL-3.0-or-later
// GuidePanel: what each view shows and what to look for, and the words that it uses.
#pragma once

#include <QTextBrowser>

namespace interleave::ui {

enum class ViewKind { Gantt, Utilisation, Contention, Compare, Topology, Kitchen };
inline constexpr int kViewKinds = 6;
/// "Gantt", "CPU utilisation", ...
QString titleOf(ViewKind view);
/// "gantt", "utilisation", ... as on the command line.
QString nameOf(ViewKind view);

class GuidePanel : public QTextBrowser {
    Q_OBJECT

public:
    explicit GuidePanel(QWidget* parent = nullptr);
    void setView(ViewKind view);
};

} // namespace interleave::ui
