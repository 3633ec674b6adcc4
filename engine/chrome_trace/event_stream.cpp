// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/event_stream.h"

namespace interleave::chrome_trace {

const char* skipJunk(const char* at, const char* limit, bool isTextEnd) {
    if (*at == '"' || *at == '[' || isScalar(*at)) {
        if (const char* behind = valueEnd(at, limit); behind != nullptr) {
            return behind;
        }
        if (!isTextEnd) {
            return nullptr;
        }
    }
    ++at;
    while (at < limit && *at != '{' && *at != ']') {
        ++at;
    }
    return at < limit || isTextEnd ? at : nullptr;
}

} // namespace interleave::chrome_trace
