// SPDX-License-Identifier: GPL-3.0-or-later
// DetailTexts: the long tail of a foreign trace, say the arguments of its events (JSON text). They
// are read when somebody looks at a span, from the file they lie in; memory holds only keys.
#pragma once

#include <cstdint>
#include <string>

namespace interleave::recording {

class DetailTexts {
public:
    virtual ~DetailTexts() = default;
    /// The text of a key; empty if there is none or it can no longer be read. Thread-safe.
    virtual std::string text(std::uint64_t key) const = 0;
};

} // namespace interleave::recording
