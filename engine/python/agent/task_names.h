// SPDX-License-Identifier: GPL-3.0-or-later
// Names of tasks that come from Python: asyncio's tasks and the items of pools.
#pragma once

#include <cstdint>
#include <string_view>

namespace interleave::agent {

/// Names an asyncio task, by its own name where the program gave one, else by its coroutine too:
/// "worker (Task-3)". `number` 0: a new one. Returns the number.
std::uint32_t nameAsyncio(std::uint32_t number, std::string_view name, std::string_view function);
/// Names an item of a pool; items of one key in several processes are one.
std::uint32_t nameItem(std::string_view function, std::string_view key);

std::uint32_t hashOfName(std::string_view name);

} // namespace interleave::agent
