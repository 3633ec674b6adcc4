// SPDX-License-Identifier: GPL-3.0-or-later
// Of RemoteHosts: what hosts and the run say to each other.
#include "engine/models/hosts/program_mark.h"
#include "engine/models/hosts/remote_hosts.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave::models {

namespace {

std::uint64_t sequenceOf(const broker::Properties& properties) {
    std::uint64_t sequence = 0;
    const std::string& text = properties.messageId;
    std::from_chars(text.data(), text.data() + text.size(), sequence);
    return sequence;
}

/// As many numbers as its cores may have, those that are off included.
std::uint32_t coresOfThisHost() {
    return static_cast<std::uint32_t>(std::max(1L, sysconf(_SC_NPROCESSORS_CONF)));
}

} // namespace

void RemoteHosts::send(const std::string& queue, const HostNote& note,
                       const std::string& exchange) {
    const std::string text = textOf(note);
    Parcel parcel{.number = ++m_lastNumber,
                  .queue = queue,
                  .exchange = exchange,
                  .properties = {},
                  .body = std::vector<std::byte>(text.size())};
    parcel.properties.type = kNoteType;
    parcel.properties.messageId = fmt::to_string(m_lastNumber);
    std::memcpy(parcel.body.data(), text.data(), text.size());
    m_link.publish(std::move(parcel));
}

void RemoteHosts::countForeign() {
    ++m_foreign;
}

RemoteHost* RemoteHosts::hostOf(const broker::Delivery& delivery) {
    for (const auto& [name, value] : delivery.properties.headers) {
        const auto* const number = std::get_if<std::int64_t>(&value);
        if (name == kHostHeader && number != nullptr && *number >= 1 &&
            *number <= static_cast<std::int64_t>(m_hosts.size())) {
            return m_hosts[static_cast<std::size_t>(*number) - 1].get();
        }
    }
    return nullptr;
}

void RemoteHosts::take(const broker::Delivery& delivery) {
    RemoteHost* const host = hostOf(delivery);
    if (host != nullptr) {
        host->lastHeardNs = record::monotonicNow();
        if (host->isGivenUp) {
            host->isGivenUp = false;
            m_context.session.diagnose("host-back", "info", 1,
                                       fmt::format("{} is back.", host->name()));
        }
        if (!host->isNews(sequenceOf(delivery.properties))) {
            return;
        }
    }
    if (delivery.properties.type == kBatchType && host != nullptr) {
        if (const auto blocks = blocksOf(delivery.body)) {
            host->record(*blocks);
        } else {
            countForeign();
        }
        return;
    }
    const std::string_view text(reinterpret_cast<const char*>(delivery.body.data()),
                                delivery.body.size());
    const auto note = delivery.properties.type == kNoteType ? parseHostNote(text)
                                                            : Result<HostNote>(fail("no note"));
    if (!note) {
        countForeign();
    } else if (const auto* const request = std::get_if<JoinRequest>(&*note)) {
        join(*request);
    } else if (host != nullptr) {
        takeNote(*host, *note);
    } else {
        countForeign();
    }
}

void RemoteHosts::takeNote(RemoteHost& host, const HostNote& note) {
    if (const auto* const answer = std::get_if<ClockAnswer>(&note)) {
        host.isQuestioned = false;
        host.heardClock(*answer, record::monotonicNow());
        if (answer->held >= 0) {
            host.held = answer->held;
        }
    } else if (std::holds_alternative<HostReady>(note)) {
        host.isReady = true;
        const auto ready =
            std::ranges::count_if(m_hosts, [](const auto& each) { return each->isReady; });
        if (!m_areReady && static_cast<std::uint32_t>(ready) >= m_wanted.count) {
            m_areReady = true;
        }
    } else if (const auto* const ended = std::get_if<TaskEnded>(&note)) {
        if (ended->task.value <= m_context.program.tasks.size()) {
            m_ended.push_back(*ended);
        }
    } else if (const auto* const trouble = std::get_if<HostTrouble>(&note)) {
        m_error = Error{fmt::format("{} can't go on: {}", host.name(), trouble->sentence),
                        ErrorKind::MissingPart};
    } else if (const auto* const diagnostic = std::get_if<HostDiagnostic>(&note)) {
        m_context.session.diagnose(diagnostic->kind, diagnostic->severity, diagnostic->count,
                                   fmt::format("{}: {}", host.name(), diagnostic->message));
    } else if (const auto* const farewell = std::get_if<HostFarewell>(&note)) {
        host.farewell = *farewell;
    } else {
        countForeign();
    }
}

std::optional<std::string> RemoteHosts::objectionTo(const JoinRequest& request) const {
    if (request.version != hostVersion()) {
        return fmt::format("The run is executed by version {} of the program, the worker on {} is "
                           "of version {}; use the same on all hosts.",
                           hostVersion(), request.host, request.version);
    }
    if (m_isEnding) {
        return "The run is over.";
    }
    if (presentCount() >= m_wanted.count || m_hosts.size() >= HostNumbers::kMostHosts) {
        return fmt::format("The run has the {} workers that it wants.", m_wanted.count);
    }
    return std::nullopt;
}

void RemoteHosts::refuse(const JoinRequest& request, const std::string& reason) {
    send(request.reply, Refusal{reason});
    if (request.version != hostVersion()) {
        m_context.session.diagnose("worker-refused", "warning", 1, reason);
    }
}

/// Several workers on one host, or one that comes a second time.
std::string RemoteHosts::unusedName(const std::string& wanted) const {
    std::string name = wanted;
    const auto isUsed = [&name](const auto& host) { return host->name() == name; };
    for (int i = 2; std::ranges::any_of(m_hosts, isUsed); ++i) {
        name = fmt::format("{}-{}", wanted, i);
    }
    return name;
}

void RemoteHosts::join(const JoinRequest& request) {
    const auto known = std::ranges::find_if(
        m_hosts, [&](const auto& host) { return host->request().id == request.id; });
    if (known != m_hosts.end()) {
        welcome(**known);
        return;
    }
    if (const auto objection = objectionTo(request)) {
        refuse(request, *objection);
        return;
    }
    HostNumbers numbers{static_cast<std::uint32_t>(m_hosts.size()) + 1, coresOfThisHost()};
    for (const auto& host : m_hosts) {
        numbers.firstCore += host->request().cores;
    }
    if (numbers.firstCore + request.cores > HostNumbers::kMostCores) {
        refuse(request, fmt::format("The hosts of the run have more than {} cores together.",
                                    HostNumbers::kMostCores));
        return;
    }
    const std::string inbox = fmt::format("interleave.{}.host.{}", m_wanted.run, numbers.host);
    JoinRequest named = request;
    named.host = unusedName(request.host);
    auto host = RemoteHost::create(m_context.session, named, numbers, inbox);
    if (!host) {
        m_error = host.error();
        return;
    }
    broker::QueueSpec queue;
    queue.name = inbox;
    queue.isDurable = true;
    const auto declared = m_link.connection()->declare(queue);
    if (!declared) {
        return; // it asks again
    }
    (*host)->lastHeardNs = record::monotonicNow();
    m_hosts.push_back(std::move(*host));
    welcome(*m_hosts.back());
    m_context.session.diagnose(
        "host-joined", "info", 1,
        fmt::format("{} is host {} of the run; its {} cores are shown as core {} and following.",
                    m_hosts.back()->name(), numbers.host, request.cores, numbers.firstCore));
    if (m_context.tellHosts) {
        std::vector<HostFacts> facts;
        for (const auto& each : m_hosts) {
            facts.push_back({each->name(), each->request().cores});
        }
        m_context.tellHosts(facts);
    }
}

void RemoteHosts::welcome(const RemoteHost& host) {
    const scenario::Program& program = m_context.program;
    Welcome note;
    note.number = host.numbers().host;
    note.inbox = host.inbox();
    note.run = m_wanted.run;
    note.scenario = program.scenario->text;
    note.file = program.scenario->file.filename().string();
    note.seed = program.seed;
    note.programMark = markOf(program);
    note.workers = m_context.workers;
    note.parameters = m_context.parameters;
    note.speed = m_context.speed.slicesPerSecond;
    note.firstCore = host.numbers().firstCore;
    note.node = m_wanted.nodes[(note.number - 1) % m_wanted.nodes.size()];
    if (host.request().slots != 0) {
        note.node.slots = host.request().slots;
    }
    send(host.request().reply, note);
}

} // namespace interleave::models
