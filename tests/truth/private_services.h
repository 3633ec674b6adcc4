// SPDX-License-Identifier: GPL-3.0-or-later
// The private RabbitMQ and Redis that recorded programs and models of real libraries work with.
#pragma once

#include <string>

namespace interleave::truth {

/// Empty: it is not installed, or did not come up (standard error says why).
const std::string& rabbitUrl();
const std::string& redisUrl();

} // namespace interleave::truth
