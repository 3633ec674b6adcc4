// SPDX-License-Identifier: GPL-3.0-or-later
// runWindow: the application object, its names and its style.
#include "ui/window/main_window.h"

#include "ui/panels/icons.h"
#include "ui/window/window_style.h"

#include <QApplication>

namespace interleave::ui {

int runWindow(const std::vector<std::string>& files, int argc, char** argv) {
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("interleave"));
    QCoreApplication::setApplicationName(QStringLiteral("interleave"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Interleave"));
    QGuiApplication::setDesktopFileName(QStringLiteral("interleave"));
    QApplication::setStyle(new WindowStyle); // the application owns it
    QApplication::setWindowIcon(applicationIcon());
    WindowOptions options;
    options.program = QCoreApplication::applicationFilePath();
    for (const std::string& file : files) {
        options.files << QString::fromLocal8Bit(file.c_str());
    }
    MainWindow window(options);
    window.QMainWindow::show();
    return QApplication::exec();
}

} // namespace interleave::ui
