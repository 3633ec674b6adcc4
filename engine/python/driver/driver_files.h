// SPDX-License-Identifier: GPL-3.0-or-later
// The driver's files, to be written into a folder that an interpreter can execute.
#pragma once

#include <span>
#include <string_view>

namespace interleave::python {

struct DriverFile {
    std::string_view path; // within the folder
    std::string_view text;
};
std::span<const DriverFile> driverFiles();

} // namespace interleave::python
