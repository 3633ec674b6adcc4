// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/duration_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cstdlib>

namespace interleave::ui {

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

QString spanCountText(std::uint64_t count) {
    const QString number = QLocale().toString(static_cast<qulonglong>(count));
    return count == 1 ? QCoreApplication::translate("SpanCount", "%1 span").arg(number)
                      : QCoreApplication::translate("SpanCount", "%1 spans").arg(number);
}

} // namespace interleave::ui
