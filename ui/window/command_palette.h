// SPDX-License-Identifier: GPL-3.0-or-later
// CommandPalette: everything the program can do, found by typing a part of its name; the keys that
// do the same stand on the right. A sheet in the upper middle of the window that closes by itself.
#pragma once

#include <QFrame>
#include <QPointer>

#include <functional>
#include <vector>

class QLineEdit;
class QTreeWidget;

namespace interleave::ui {

struct Command {
    QString text; // "View: Zoom in"
    QString keys; // "Ctrl++"
    bool isEnabled = true;
    std::function<void()> run;
};

class CommandPalette : public QFrame {
    Q_OBJECT

public:
    explicit CommandPalette(QWidget* window);

    /// Shows the commands and takes the keyboard; gives it back when it closes.
    void open(std::vector<Command> commands);
    QLineEdit& text() const { return *m_text; }
    /// The commands that fit what was typed, best first.
    QStringList listed() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refill();
    void accept();
    void dismiss();

    std::vector<Command> m_commands;
    QLineEdit* m_text;
    QTreeWidget* m_list;
    QPointer<QWidget> m_focusBefore;
};

} // namespace interleave::ui
