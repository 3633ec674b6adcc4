// SPDX-License-Identifier: GPL-3.0-or-later
// exportView: a view of recordings into a file, for the window and the command line alike. Needs a
// QGuiApplication (fonts), no display. On an error nothing is left behind and an older file stays.
#pragma once

#include "ui/export/export_page.h"
#include "ui/export/export_request.h"

namespace interleave::ui {

Result<void> exportView(RecordingPtrs recordings, const ExportRequest& request);

} // namespace interleave::ui
