// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/session/fake_program.h"

#include "engine/base/check.h"
#include "engine/storage/recording_file.h"
#include "tests/support/recording_sketch.h"

#include <QFile>

namespace interleave::ui {

namespace {

const QString kHead = QStringLiteral("#!/bin/sh\n"
                                     "FOLDER=${0%/*}\n"
                                     "RECORDING=$FOLDER/valid.ilv\n"
                                     "echo \"$@\" > $FOLDER/args\n"
                                     "while [ $# -gt 0 ]; do\n"
                                     "  case $1 in\n"
                                     "    -o) OUT=$2; shift ;;\n"
                                     "    --session) SESSION=$2; shift ;;\n"
                                     "  esac\n"
                                     "  shift\n"
                                     "done\n");

} // namespace

FakeProgram::FakeProgram(const QString& body) {
    QFile script(path());
    CHECK(script.open(QIODevice::WriteOnly));
    script.write((kHead + body).toUtf8());
    script.close();
    script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto recording = support::sketch("a: RRRR\nb: ..RRRR\n");
    CHECK(storage::writeRecording(*recording, filePath(QStringLiteral("valid.ilv")).toStdString())
              .has_value());
}

QString FakeProgram::read(const QString& name) const {
    QFile file(filePath(name));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
}

} // namespace interleave::ui
