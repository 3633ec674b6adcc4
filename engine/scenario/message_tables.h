// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the tables of a scenario that concern a broker: exchanges, its queues, the workers that
// take from them, and what goes wrong on purpose.
#pragma once

#include "engine/scenario/step_parser.h"
#include "engine/scenario/table_reader.h"

namespace interleave::scenario {

ExchangeDeclaration parseExchange(TableReader& table, const DeclaredNames& names,
                                  Problems& problems);
MessageQueueDeclaration parseMessageQueue(TableReader& table, const DeclaredNames& names,
                                          Problems& problems);
TaskWorkerDeclaration parseTaskWorker(TableReader& table, const DeclaredNames& names,
                                      Problems& problems);
Fault parseFaultTable(TableReader& table, Problems& problems);

/// A routing key or the key of a binding: a text of at most 255 bytes. `what`: "key of a publish
/// step".
std::optional<std::string> routingKey(const Value& value, std::string_view what,
                                      Problems& problems);
/// The headers under a key, sorted by name; nothing where there are none.
routing::Headers parseHeaders(TableReader& table, std::string_view key, Problems& problems);
/// A duration that a broker counts in milliseconds; 0 if it is not given.
Nanoseconds brokerDuration(TableReader& table, std::string_view key, Problems& problems);
/// Reports a name that RabbitMQ keeps for itself.
void refuseReservedName(const Value& name, std::string_view kind, Problems& problems);

} // namespace interleave::scenario
