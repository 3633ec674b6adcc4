// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of a test's own, in a folder that goes with it; never the user's.
#pragma once

#include <QCoreApplication>
#include <QSettings>
#include <QTemporaryDir>

namespace interleave::ui {

class WindowSettings {
public:
    WindowSettings() {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("interleave-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("interleave-tests"));
    }

private:
    QTemporaryDir m_folder;
};

} // namespace interleave::ui
