// SPDX-License-Identifier: GPL-3.0-or-later
// Which view paints an export. The one place to register a view for exports.
#pragma once

#include "ui/export/export_page.h"
#include "ui/export/export_request.h"

namespace interleave::ui {

Result<std::unique_ptr<ViewPainter>> makeViewPainter(RecordingPtrs recordings,
                                                     const ExportRequest& request);

} // namespace interleave::ui
