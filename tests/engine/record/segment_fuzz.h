// SPDX-License-Identifier: GPL-3.0-or-later
// The fuzz target of the segment reader, so that tests can feed it too.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
