// SPDX-License-Identifier: GPL-3.0-or-later
// FakeProgram: a shell script in the place of the interleave program, for tests of who starts it.
#pragma once

#include <QString>
#include <QTemporaryDir>

namespace interleave::ui {

class FakeProgram {
public:
    /// `body` is the script. It finds the recording file to write as $OUT, the session folder as
    /// $SESSION, and a valid recording to copy as $RECORDING; its arguments are in the file "args".
    explicit FakeProgram(const QString& body);

    QString path() const { return m_folder.filePath(QStringLiteral("interleave")); }
    /// The arguments of its last start, separated by spaces; empty if it was not started.
    QString arguments() const { return read(QStringLiteral("args")); }
    /// The content of a file that the script has written.
    QString read(const QString& name) const;
    QString filePath(const QString& name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

} // namespace interleave::ui
