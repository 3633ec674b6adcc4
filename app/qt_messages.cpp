// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qt_messages.h"

#include <QByteArray>
#include <QString>
#include <QtGlobal>
#include <cstdio>

namespace interleave::app {

namespace {

void handle(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type == QtCriticalMsg || type == QtFatalMsg) {
        std::fprintf(stderr, "interleave: %s\n", message.toLocal8Bit().constData());
    }
}

} // namespace

void silenceQtNotices() {
    qInstallMessageHandler(handle);
}

} // namespace interleave::app
