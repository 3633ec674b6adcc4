// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/publish_parser.h"

#include "engine/scenario/message_tables.h"

#include <fmt/format.h>

namespace interleave::scenario {

namespace {

std::vector<std::string> keysOf(TableReader& table, Problems& problems) {
    std::vector<std::string> keys;
    constexpr std::string_view kForm = "keys are written [ \"a.b\", \"a.c\" ]";
    if (const Value* key = table.find("key")) {
        keys.push_back(routingKey(*key, "key of a publish step", problems).value_or(""));
        if (const Value* several = table.find("keys")) {
            problems.report(several->position,
                            "a publish step has a key or keys, leave one of the two out");
        }
    } else if (const auto* list = table.list("keys", kForm)) {
        for (const Value& value : *list) {
            keys.push_back(routingKey(value, "a key of a publish step", problems).value_or(""));
        }
        if (keys.empty()) {
            problems.report(table.find("keys")->position,
                            fmt::format("keys of a publish step is empty, {}", kForm));
        }
    }
    if (keys.empty()) {
        keys.emplace_back();
    }
    return keys;
}

} // namespace

PublishStep parsePublish(TableReader& table, const DeclaredNames& names, Problems& problems) {
    PublishStep publish;
    const Value& exchange = *table.find("publish");
    if (exchange.kind != Value::Kind::Text || !exchange.text.empty()) {
        publish.exchange = indexOfName(exchange, "exchange", names.exchanges, problems);
    }
    publish.keys = keysOf(table, problems);
    publish.headers = parseHeaders(table, "headers", problems);
    publish.bytes = table.size("bytes").value_or(0);
    publish.count =
        static_cast<std::uint32_t>(table.integer("count", 1, kMostTasks)
                                       .value_or(static_cast<std::int64_t>(publish.keys.size())));
    publish.priority = static_cast<std::uint8_t>(table.integer("priority", 0, 255).value_or(0));
    publish.expiresNs = brokerDuration(table, "expires", problems);
    publish.isMandatory = table.flag("mandatory").value_or(false);
    publish.isPersistent = table.flag("persistent").value_or(false);
    publish.wantsReply = table.flag("reply").value_or(false);
    return publish;
}

std::string spanNameOf(const PublishStep& step, const DeclaredNames& names) {
    const std::string to = step.exchange ? names.exchanges[*step.exchange] : step.keys.front();
    return step.count == 1 ? fmt::format("publish {}", to)
                           : fmt::format("publish {} {}", step.count, to);
}

} // namespace interleave::scenario
