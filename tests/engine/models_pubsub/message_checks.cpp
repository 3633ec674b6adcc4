// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/models_pubsub/message_checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace interleave::models {

using record::EventKind;

ModelRun runPubsub(const std::string& text, RunSettings settings) {
    const auto model = makePubsub();
    ModelRun run = runModel(*model, "name = \"t\"\n" + text, std::move(settings));
    EXPECT_TRUE(run.outcome.has_value()) << (run.outcome ? "" : run.outcome.error().message);
    return run;
}

ObjectId objectNamed(const ModelRun& run, const std::string& name) {
    for (const scenario::Object& object : run.program.objects) {
        if (object.name == name) {
            return object.id;
        }
    }
    ADD_FAILURE() << "no object is called " << name;
    return {};
}

CopyCounts copiesIn(const ModelRun& run, const std::string& queue) {
    const ObjectId id = objectNamed(run, queue);
    CopyCounts counts;
    for (const RecordedEvent& event : run.events) {
        if ((event.b & ~record::kRedelivered) != id.value) {
            continue;
        }
        switch (event.kind) {
        case EventKind::MessageRouted:
        case EventKind::MessageDeadLettered:
            ++counts.entered;
            break;
        case EventKind::MessageAcked:
            ++counts.acked;
            break;
        case EventKind::MessageRejected:
            ++counts.rejected;
            break;
        case EventKind::MessageExpired:
            ++counts.expired;
            break;
        case EventKind::MessageOverflowed:
            ++counts.overflowed;
            break;
        case EventKind::MessageLost:
            ++counts.lost;
            break;
        default:
            break;
        }
    }
    return counts;
}

std::vector<std::string> accountFaults(const ModelRun& run) {
    std::vector<std::string> faults = run.illegalTransitions();
    const std::string line = run.diagnostic("messages");
    if (line.find("\"severity\":\"info\"") == std::string::npos) {
        faults.push_back("the accounts: " + line);
    }
    if (const std::string differs = run.diagnostic("routing-differs"); !differs.empty()) {
        faults.push_back(differs);
    }
    for (const scenario::Task& task : run.program.tasks) {
        if (!isEnd(run.endOf(task.id))) {
            faults.push_back(fmt::format("{} ends as {}", task.name, nameOf(run.endOf(task.id))));
        }
    }
    return faults;
}

std::multiset<std::uint32_t> deliveredFrom(const ModelRun& run, const std::string& queue) {
    const ObjectId id = objectNamed(run, queue);
    std::multiset<std::uint32_t> numbers;
    for (const RecordedEvent& event : run.events) {
        if (event.kind == EventKind::MessageDelivered &&
            (event.b & ~record::kRedelivered) == id.value) {
            numbers.insert(event.a);
        }
    }
    return numbers;
}

std::size_t triesOf(const ModelRun& run, TaskId task) {
    std::size_t tries = 0;
    State before = State::Queued;
    for (const Stretch& stretch : run.stretches(task)) {
        const bool wasAway =
            before == State::Queued || before == State::Reserved || before == State::Retrying;
        tries += wasAway && stretch.state == State::Running ? 1u : 0u;
        before = stretch.state;
    }
    return tries;
}

std::string statesOf(const ModelRun& run, TaskId task) {
    std::string text;
    std::string_view last;
    for (const Stretch& stretch : run.stretches(task)) {
        if (nameOf(stretch.state) != last) {
            last = nameOf(stretch.state);
            text += (text.empty() ? "" : " ") + std::string(last);
        }
    }
    return text;
}

} // namespace interleave::models
