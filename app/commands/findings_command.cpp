// SPDX-License-Identifier: GPL-3.0-or-later
// `findings`: what stands out in a recording, in sentences that can be checked.
#include "app/commands/commands.h"
#include "app/exit_code.h"
#include "app/load_recording.h"
#include "engine/findings/findings.h"

#include <fmt/format.h>

namespace interleave::app {

int printFindings(const FindingsOptions& options) {
    const auto recording = loadRecording(options.recording);
    if (!recording) {
        return report(recording.error());
    }
    const auto found = findings::findingsOf(**recording);
    fmt::print("{}", options.json ? findings::findingsJson(**recording, found)
                                  : findings::findingsText(found));
    return kDone;
}

} // namespace interleave::app
