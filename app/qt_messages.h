// SPDX-License-Identifier: GPL-3.0-or-later
// Qt's notices to developers don't belong on a user's terminal; errors that matter come as values.
#pragma once

namespace interleave::app {

/// Lets only what Qt calls critical or fatal through, to stderr. Before the application is made.
void silenceQtNotices();

} // namespace interleave::app
