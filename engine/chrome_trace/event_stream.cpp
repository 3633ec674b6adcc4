// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/event_stream.h"

namespace interleave::chrome_trace {

const char* skipJunk(const char* at, const char* limit) {
    const bool isValue = *at == '"' || *at == '[' || isScalar(*at);
    if (const char* behind = isValue ? valueEnd(at, limit) : nullptr; behind != nullptr) {
        return behind;
    }
    ++at;
    while (at < limit && *at != '{' && *at != ']') {
        ++at;
    }
    return at;
}

} // namespace interleave::chrome_trace
