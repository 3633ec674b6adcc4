// SPDX-License-Identifier: GPL-3.0-or-later
// A RabbitMQ node and a Redis server of this test's own, on free loopback ports, with their data in
// a temporary folder: nothing of the system's own services is touched. Started once, stopped when
// this program ends, however that ends. INTERLEAVE_TEST_RABBITMQ and INTERLEAVE_TEST_REDIS name
// ones to use instead.
#pragma once

#include <string>

namespace interleave::truth {

/// Empty: it is not installed, or did not come up.
const std::string& rabbitUrl(); // amqp://guest:guest@127.0.0.1:PORT//
const std::string& redisUrl();  // redis://127.0.0.1:PORT/0

} // namespace interleave::truth
