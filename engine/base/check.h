// SPDX-License-Identifier: GPL-3.0-or-later
// CHECK(condition): a programmer's error ends the program, in every build. The condition has no
// side effects.
#pragma once

namespace interleave {

[[noreturn]] void checkFailed(const char* condition, const char* file, int line);

} // namespace interleave

#define CHECK(condition)                                                                           \
    ((condition) ? static_cast<void>(0) : ::interleave::checkFailed(#condition, __FILE__, __LINE__))
