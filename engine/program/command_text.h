// SPDX-License-Identifier: GPL-3.0-or-later
// Command lines as people write them: words, with quotes where a shell needs them.
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace interleave::program {

/// python3 -c 'print(1)'
std::string commandText(const std::vector<std::string>& words);
/// The reverse: words, with '...', "..." and \ as a shell reads them. Nothing else of a shell's
/// language is known: no variables, pipes or patterns.
Result<std::vector<std::string>> commandWords(std::string_view text);

} // namespace interleave::program
