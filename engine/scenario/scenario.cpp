// SPDX-License-Identifier: GPL-3.0-or-later
// From a document to a Scenario: the root and the declarations. Tasks are read by task_parser, what
// concerns a broker by message_tables, what concerns the whole is checked by checks.
#include "engine/scenario/scenario.h"

#include "engine/scenario/checks.h"
#include "engine/scenario/document.h"
#include "engine/scenario/message_tables.h"
#include "engine/scenario/table_reader.h"
#include "engine/scenario/task_parser.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace interleave::scenario {

namespace {

constexpr std::int64_t kMostWorkers = 1024;
constexpr std::size_t kMostOfAKind = 1000; // tasks, exchanges, message queues, workers, faults
constexpr std::string_view kTaskForm =
    "add [[task]] name = \"dish\", steps = [ { compute = \"20 ms\" } ]";

class ScenarioReader {
public:
    explicit ScenarioReader(Problems& problems)
        : m_problems(problems) {}

    Scenario read(const Value& root, const std::string& id);

private:
    void readRoot(TableReader& root, Scenario& scenario);
    template <class Read>
    void readDeclarations(TableReader& root, std::string_view key, NameList& names,
                          const Read& read);
    /// The names of these tables, each once.
    void addNames(std::string_view key, const std::vector<const Value*>& tables, NameList& names);
    /// As Celery does it: a queue that a task goes to need not be declared.
    void addQueuesOfTasks(const std::vector<const Value*>& tasks);
    template <class Declaration, class Parse>
    void readNamed(std::string_view key, const std::vector<const Value*>& tables,
                   const NameList& names, std::vector<Declaration>& into, const Parse& parse);
    struct Tables {
        std::vector<const Value*> exchanges, messageQueues, workers, faults, tasks;
    };
    void readMessaging(const Tables& tables, Scenario& scenario);
    bool areFew(std::string_view key, const std::vector<const Value*>& tables,
                std::string_view cure);
    std::string declaredName(TableReader& table, NameList& names);
    void reportDuplicates(std::string_view kind, const std::vector<const Value*>& declarations);

    Problems& m_problems;
    DeclaredNames m_names;
};

void ScenarioReader::reportDuplicates(std::string_view kind,
                                      const std::vector<const Value*>& declarations) {
    std::map<std::string_view, int> lines;
    for (const Value* table : declarations) {
        for (const Member& member : table->members) {
            if (member.key != "name" || member.value.kind != Value::Kind::Text) {
                continue;
            }
            const auto [known, isNew] = lines.emplace(member.value.text, member.position.line);
            if (!isNew) {
                m_problems.report(member.value.position,
                                  fmt::format("line {} declares {} named {} already, every {} "
                                              "needs a name of its own",
                                              known->second, withArticle(kind),
                                              inQuotes(member.value.text), kind));
            }
        }
    }
}

std::string ScenarioReader::declaredName(TableReader& table, NameList& names) {
    const bool isGiven = table.find("name") != nullptr;
    if (!isGiven) {
        m_problems.report(table.position(),
                          fmt::format("this {} has no name, add name = \"...\"", table.what()));
    }
    const std::string name = table.name("name").value_or("");
    names.add(name);
    return name;
}

template <class Read>
void ScenarioReader::readDeclarations(TableReader& root, std::string_view key, NameList& names,
                                      const Read& read) {
    const auto declarations = root.tables(key);
    for (const Value* declaration : declarations) {
        TableReader table(*declaration, fmt::format("[[{}]]", key), m_problems);
        const std::string name = declaredName(table, names);
        read(name, table);
        table.refuseOthers();
    }
    reportDuplicates(key, declarations);
}

void ScenarioReader::readRoot(TableReader& root, Scenario& scenario) {
    scenario.name = root.name("name").value_or(scenario.id);
    scenario.about = root.text("about").value_or("");
    const auto seed = root.integer("seed", 0, std::numeric_limits<std::int64_t>::max());
    scenario.seed = static_cast<std::uint64_t>(seed.value_or(1));
    const Value* run = root.find("run");
    if (run == nullptr) {
        return;
    }
    if (run->kind != Value::Kind::Table) {
        m_problems.report(run->position, fmt::format("run is {}, write it [run] workers = 10",
                                                     describe(run->kind)));
        return;
    }
    TableReader table(*run, "[run]", m_problems);
    if (const auto workers = table.integer("workers", 1, kMostWorkers)) {
        scenario.workers = static_cast<int>(*workers);
    }
    table.refuseOthers();
}

void ScenarioReader::addNames(std::string_view key, const std::vector<const Value*>& tables,
                              NameList& names) {
    for (const Value* each : tables) {
        TableReader table(*each, fmt::format("[[{}]]", key), m_problems);
        declaredName(table, names);
    }
    reportDuplicates(key, tables);
}

void ScenarioReader::addQueuesOfTasks(const std::vector<const Value*>& tasks) {
    for (const Value* task : tasks) {
        const Value* queue = task->find("queue");
        if (queue == nullptr) {
            continue;
        }
        TableReader table(*task, "[[task]]", m_problems);
        const auto name = table.name("queue");
        if (name && !m_names.messageQueues.find(*name)) {
            refuseReservedName(*queue, "message_queue", m_problems);
            m_names.messageQueues.add(*name);
        }
    }
}

template <class Declaration, class Parse>
void ScenarioReader::readNamed(std::string_view key, const std::vector<const Value*>& tables,
                               const NameList& names, std::vector<Declaration>& into,
                               const Parse& parse) {
    for (const Value* each : tables) {
        TableReader table(*each, fmt::format("[[{}]]", key), m_problems);
        if (const Value* name = table.find("name")) {
            refuseReservedName(*name, key, m_problems);
        }
        Declaration declaration = parse(table, m_names, m_problems);
        declaration.name = names[into.size()];
        table.refuseOthers();
        into.push_back(std::move(declaration));
    }
}

void ScenarioReader::readMessaging(const Tables& tables, Scenario& scenario) {
    // Names first: any of these may be used above its declaration.
    addNames("exchange", tables.exchanges, m_names.exchanges);
    addNames("message_queue", tables.messageQueues, m_names.messageQueues);
    addQueuesOfTasks(tables.tasks);
    readNamed("exchange", tables.exchanges, m_names.exchanges, scenario.exchanges, parseExchange);
    readNamed("message_queue", tables.messageQueues, m_names.messageQueues, scenario.messageQueues,
              parseMessageQueue);
    for (std::size_t i = tables.messageQueues.size(); i < m_names.messageQueues.all().size(); ++i) {
        scenario.messageQueues.push_back({});
        scenario.messageQueues.back().name = m_names.messageQueues[i];
    }
    NameList workers;
    addNames("worker", tables.workers, workers);
    readNamed("worker", tables.workers, workers, scenario.taskWorkers, parseTaskWorker);
    for (const Value* fault : tables.faults) {
        TableReader table(*fault, "[[fault]]", m_problems);
        scenario.faults.push_back(parseFaultTable(table, m_problems));
        table.refuseOthers();
    }
    std::ranges::stable_sort(scenario.faults, {}, &Fault::atNs);
}

bool ScenarioReader::areFew(std::string_view key, const std::vector<const Value*>& tables,
                            std::string_view cure) {
    if (tables.size() > kMostOfAKind) {
        m_problems.report(
            tables[kMostOfAKind]->position,
            fmt::format("too many [[{}]], at most {} are allowed{}", key, kMostOfAKind, cure));
        return false;
    }
    return true;
}

Scenario ScenarioReader::read(const Value& rootValue, const std::string& id) {
    Scenario scenario;
    scenario.id = id;
    TableReader root(rootValue, "a scenario", m_problems);
    readRoot(root, scenario);
    readDeclarations(root, "lock", m_names.locks, [&](const std::string& name, TableReader&) {
        scenario.locks.push_back({name});
    });
    const auto number = [](TableReader& table, std::string_view key, std::uint32_t least,
                           std::uint32_t otherwise) {
        const auto given = table.integer(key, least, kMostTasks);
        return given ? static_cast<std::uint32_t>(*given) : otherwise;
    };
    readDeclarations(root, "semaphore", m_names.semaphores,
                     [&](const std::string& name, TableReader& table) {
                         scenario.semaphores.push_back({name, number(table, "permits", 0, 1)});
                     });
    readDeclarations(root, "barrier", m_names.barriers,
                     [&](const std::string& name, TableReader& table) {
                         scenario.barriers.push_back({name, number(table, "parties", 1, 2)});
                     });
    readDeclarations(root, "queue", m_names.queues,
                     [&](const std::string& name, TableReader& table) {
                         scenario.queues.push_back({name, number(table, "capacity", 1, 1)});
                     });
    Tables all;
    all.exchanges = root.tables("exchange");
    all.messageQueues = root.tables("message_queue");
    all.workers = root.tables("worker");
    all.faults = root.tables("fault");
    all.tasks = root.tables("task");
    root.refuseOthers();
    if (all.tasks.empty()) {
        if (!m_problems.areNone()) {
            return scenario; // a mistake in it says more than what is missing
        }
        m_problems.report({1, 1},
                          fmt::format("a scenario without a [[task]] does nothing, {}", kTaskForm));
        return scenario;
    }
    if (!areFew("task", all.tasks, " (use count for equal ones)") ||
        !areFew("exchange", all.exchanges, "") || !areFew("message_queue", all.messageQueues, "") ||
        !areFew("worker", all.workers, "") || !areFew("fault", all.faults, "")) {
        return scenario;
    }
    addNames("task", all.tasks, m_names.tasks);
    readMessaging(all, scenario);
    for (const Value* task : all.tasks) {
        scenario.tasks.push_back(parseTask(*task, m_names, m_problems));
    }
    if (m_problems.areNone()) {
        for (const TaskTemplate& task : scenario.tasks) {
            if (task.delivery.queue && *task.delivery.queue >= all.messageQueues.size()) {
                auto& most = scenario.messageQueues[*task.delivery.queue].maxPriority;
                most = std::max(most, task.delivery.priority);
            }
        }
        Origins origins;
        origins.tasks.assign(all.tasks.begin(), all.tasks.end());
        origins.messageQueues.assign(all.messageQueues.begin(), all.messageQueues.end());
        origins.exchanges.assign(all.exchanges.begin(), all.exchanges.end());
        completeCounts(scenario, origins);
        checkScenario(scenario, origins, m_problems);
    }
    return scenario;
}

} // namespace

Result<Scenario> parseScenario(std::string_view text, const std::filesystem::path& file) {
    const std::string shownFile = file.empty() ? "scenario" : file.string();
    Problems problems(shownFile);
    if (!isText(text)) {
        return fail(fmt::format("{} is not a text file, a scenario is TOML in UTF-8", shownFile));
    }
    const auto document = parseDocument(text);
    if (!document) {
        problems.report(document.error().at, document.error().message);
        return std::unexpected(problems.first());
    }
    Scenario scenario = ScenarioReader(problems).read(*document, file.stem().string());
    if (!problems.areNone()) {
        return std::unexpected(problems.first());
    }
    scenario.text = text;
    return scenario;
}

} // namespace interleave::scenario
