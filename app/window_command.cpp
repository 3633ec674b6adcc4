// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_command.h"

#include "app/exit_code.h"
#include "app/qt_messages.h"
#include "ui/window/main_window.h"

#include <QCoreApplication>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace interleave::app {

namespace {

bool isSet(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

} // namespace

int openWindow(const std::vector<std::string>& files, int argc, char** argv) {
    for (const std::string& file : files) {
        if (!std::filesystem::exists(file)) {
            return report({fmt::format(
                "{} is neither a command nor a file; see `interleave --help`.", file)});
        }
    }
    // Qt would abort the program; this is the sentence it doesn't say.
    if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY") && !isSet("QT_QPA_PLATFORM")) {
        return report(
            {"There is no display to open the window on; set DISPLAY, or use the commands "
             "(`interleave --help`).",
             ErrorKind::MissingPart});
    }
    silenceQtNotices();
    QCoreApplication::setApplicationVersion(INTERLEAVE_VERSION);
    return ui::runWindow(files, argc, argv);
}

} // namespace interleave::app
