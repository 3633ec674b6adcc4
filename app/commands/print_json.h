// SPDX-License-Identifier: GPL-3.0-or-later
// JSON on stdout, as all commands print it: indented, names in bytes that are no UTF-8 replaced.
#pragma once

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace interleave::app {

inline void printJson(const nlohmann::ordered_json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

} // namespace interleave::app
