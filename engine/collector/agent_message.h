// SPDX-License-Identifier: GPL-3.0-or-later
// Events of an agent about messages and consumers of a broker, with the numbers of the session.
#pragma once

#include "engine/collector/agent_process.h"
#include "engine/record/event.h"

#include <optional>

namespace interleave::collector {

bool isOfBroker(record::EventKind kind);

/// None while a number in it isn't named.
std::optional<record::Event> brokerEventInSession(const AgentProcess& process,
                                                  const record::Event& event);

} // namespace interleave::collector
