// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cstdlib>

namespace interleave::ui {

QString tr(const char* text) {
    return QCoreApplication::translate("interleave::ui", text);
}

QString durationText(Nanoseconds ns) {
    return QString::fromStdString(formatDuration(ns));
}

QString instantText(Nanoseconds ns) {
    QString digits = QString::number(std::abs(ns)).rightJustified(7, QLatin1Char('0'));
    const QString fraction = digits.right(6);
    return QStringLiteral("%1%2.%3 %4 ms")
        .arg(ns < 0 ? QStringLiteral("-") : QString(), digits.left(digits.size() - 6),
             fraction.left(3), fraction.right(3));
}

QString countText(std::uint64_t count) {
    return QLocale().toString(static_cast<qulonglong>(count));
}

QString spanCountText(std::uint64_t count) {
    return (count == 1 ? tr("%1 span") : tr("%1 spans")).arg(countText(count));
}

} // namespace interleave::ui
