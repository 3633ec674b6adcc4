// SPDX-License-Identifier: GPL-3.0-or-later
// Of HostNote: writing.
#include "engine/models/hosts/host_note.h"

#include <nlohmann/json.hpp>

namespace interleave::models {

namespace {

using Json = nlohmann::json;

Json jsonOf(const RunCall& note) {
    return {{"kind", "run"}, {"run", note.run}, {"queue", note.queue}, {"version", note.version}};
}

Json jsonOf(const JoinRequest& note) {
    return {{"kind", "join"},     {"version", note.version}, {"id", note.id},
            {"host", note.host},  {"reply", note.reply},     {"slots", note.slots},
            {"cores", note.cores}};
}

Json jsonOf(const Welcome& note) {
    return {{"kind", "welcome"},         {"number", note.number},
            {"inbox", note.inbox},       {"run", note.run},
            {"scenario", note.scenario}, {"file", note.file},
            {"seed", note.seed},         {"program_mark", note.programMark},
            {"workers", note.workers},   {"parameters", note.parameters},
            {"speed", note.speed},       {"first_core", note.firstCore},
            {"node", note.node.name},    {"queues", note.node.queues},
            {"slots", note.node.slots},  {"prefetch", note.node.prefetch}};
}

Json jsonOf(const Refusal& note) {
    return {{"kind", "refused"}, {"reason", note.reason}};
}

Json jsonOf(const ClockQuestion& note) {
    return {{"kind", "ask"}, {"asked", note.askedNs}, {"held", note.wantsHeld}};
}

Json jsonOf(const ClockAnswer& note) {
    return {{"kind", "answer"},        {"asked", note.askedNs},
            {"heard", note.heardNs},   {"answered", note.answeredNs},
            {"origin", note.originNs}, {"held", note.held}};
}

Json jsonOf(const HostReady&) {
    return {{"kind", "ready"}};
}

Json jsonOf(const TaskEnded& note) {
    return {{"kind", "ended"}, {"task", note.task.value}, {"state", nameOf(note.state)}};
}

Json jsonOf(const HostTrouble& note) {
    return {{"kind", "trouble"}, {"sentence", note.sentence}};
}

Json jsonOf(const HostDiagnostic& note) {
    return {{"kind", "diagnostic"},
            {"what", note.kind},
            {"severity", note.severity},
            {"count", note.count},
            {"message", note.message}};
}

Json jsonOf(const RunOver& note) {
    return {{"kind", "over"}, {"at_once", note.isAtOnce}};
}

Json jsonOf(const HostFarewell& note) {
    return {{"kind", "farewell"}, {"counts", note.counts}};
}

} // namespace

std::string textOf(const HostNote& note) {
    const Json json = std::visit([](const auto& each) { return jsonOf(each); }, note);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace interleave::models
