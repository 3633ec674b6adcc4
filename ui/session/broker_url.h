// SPDX-License-Identifier: GPL-3.0-or-later
// A broker's URL and the password in it, which is shown nowhere and kept apart.
#pragma once

#include <QString>

namespace interleave::ui {

/// The URL with a password, encoded, in the place of any that it has; the URL itself if the
/// password is empty or nobody's.
QString withPassword(const QString& url, const QString& password);

/// Takes the password out of a URL, as far as it has been typed by now, and returns it as it is
/// meant; empty if there is none.
QString takePassword(QString& url);

} // namespace interleave::ui
