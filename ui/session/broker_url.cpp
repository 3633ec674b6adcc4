// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/broker_url.h"

#include <QUrl>

#include <algorithm>

namespace interleave::ui {

namespace {

/// What stands behind a colon is a port if digits lead to the path, not to the host.
bool isPort(QStringView rest) {
    const qsizetype slash = rest.indexOf(QLatin1Char('/'));
    const QStringView digits = slash < 0 ? QStringView() : rest.first(slash);
    return !digits.isEmpty() &&
           std::ranges::all_of(digits, [](QChar letter) { return letter.isDigit(); });
}

} // namespace

QString withPassword(const QString& url, const QString& password) {
    QUrl bare(url, QUrl::StrictMode);
    bare.setPassword({});
    const QString text = bare.toString(QUrl::FullyEncoded);
    const qsizetype at = text.indexOf(QLatin1Char('@'));
    if (password.isEmpty() || at < 0) {
        return url;
    }
    const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(password));
    return text.left(at) + QLatin1Char(':') + encoded + text.mid(at);
}

QString takePassword(QString& url) {
    const qsizetype begin = url.indexOf(QLatin1String("://")) + 3;
    const qsizetype end = url.lastIndexOf(QLatin1Char('@'));
    const qsizetype colon = begin < 3 ? -1 : url.indexOf(QLatin1Char(':'), begin);
    if (colon < 0 || end < colon || isPort(QStringView(url).sliced(colon + 1))) {
        return {};
    }
    const QString password =
        QUrl::fromPercentEncoding(url.mid(colon + 1, end - colon - 1).toUtf8());
    url.remove(colon, end - colon);
    return password;
}

} // namespace interleave::ui
