// SPDX-License-Identifier: GPL-3.0-or-later
// From a document to a Scenario: the root, the declarations and the tasks. Steps are read by
// step_parser, what concerns the whole is checked by checks.
#include "engine/scenario/scenario.h"

#include "engine/scenario/checks.h"
#include "engine/scenario/document.h"
#include "engine/scenario/step_parser.h"
#include "engine/scenario/table_reader.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace interleave::scenario {

namespace {

constexpr std::int64_t kMostWorkers = 1024;
constexpr std::int64_t kMostRetries = 1000;
constexpr std::size_t kMostTemplates = 1000;
constexpr std::string_view kTaskForm =
    "add [[task]] name = \"dish\", steps = [ { compute = \"20 ms\" } ]";

class ScenarioReader {
public:
    explicit ScenarioReader(Problems& problems)
        : m_problems(problems) {}

    Scenario read(const Value& root, const std::string& id);

private:
    /// The tables of [[key]]; reports what is not a list of tables.
    std::vector<const Value*> tables(TableReader& root, std::string_view key);
    void readRoot(TableReader& root, Scenario& scenario);
    template <class Read>
    void readDeclarations(TableReader& root, std::string_view key, NameList& names,
                          const Read& read);
    void readTask(const Value& table, Scenario& scenario);
    void readArrival(TableReader& table, TaskTemplate& task, TemplateOrigin& origin);
    std::string declaredName(TableReader& table, NameList& names);
    void reportDuplicates(std::string_view kind, const std::vector<const Value*>& declarations);

    Problems& m_problems;
    DeclaredNames m_names;
    std::vector<TemplateOrigin> m_origins;
    std::vector<bool> m_hasCount;
};

std::vector<const Value*> ScenarioReader::tables(TableReader& root, std::string_view key) {
    const std::string form = fmt::format("write it [[{}]]", key);
    std::vector<const Value*> result;
    const std::vector<Value>* list = root.list(key, form);
    if (list == nullptr) {
        return result;
    }
    for (const Value& item : *list) {
        if (item.kind == Value::Kind::Table) {
            result.push_back(&item);
        } else {
            m_problems.report(item.position,
                              fmt::format("{} is {}, {}", key, describe(item.kind), form));
        }
    }
    return result;
}

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
                                  fmt::format("line {} declares a {} named {} already, every {} "
                                              "needs a name of its own",
                                              known->second, kind, inQuotes(member.value.text),
                                              kind));
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
    const auto declarations = tables(root, key);
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

void ScenarioReader::readArrival(TableReader& table, TaskTemplate& task, TemplateOrigin& origin) {
    const Value* every = table.find("every");
    const Value* arrival = table.find("arrival");
    constexpr std::string_view kForm = "\"at-once\", \"regular\" or \"poisson\" is wanted";
    origin.hasArrival = every != nullptr || arrival != nullptr;
    if (!origin.hasArrival) {
        return;
    }
    origin.arrival = every != nullptr ? every->position : arrival->position;
    task.everyNs = table.duration("every").value_or(0);
    const std::string kind = arrival == nullptr ? "regular" : table.text("arrival").value_or("");
    if (kind == "at-once") {
        if (every != nullptr) {
            m_problems.report(arrival->position, "tasks that arrive at once have no every, leave "
                                                 "one of the two out");
        }
        return;
    }
    if (kind != "regular" && kind != "poisson") {
        if (arrival->kind == Value::Kind::Text) {
            m_problems.report(arrival->position,
                              fmt::format("arrival is {}, {}", inQuotes(kind), kForm));
        }
        return;
    }
    if (every == nullptr) {
        m_problems.report(arrival->position, fmt::format("arrival is {} but every is not given, "
                                                         "add every = \"100 ms\"",
                                                         inQuotes(kind)));
        return;
    }
    task.arrival = kind == "regular" ? Arrival::Regular : Arrival::Poisson;
}

void ScenarioReader::readTask(const Value& value, Scenario& scenario) {
    TableReader table(value, "[[task]]", m_problems);
    TaskTemplate task;
    TemplateOrigin origin;
    task.name = table.name("name").value_or("");
    task.line = value.position.line;
    const auto count = table.integer("count", 0, kMostTasks);
    m_hasCount.push_back(count.has_value());
    task.count = static_cast<std::uint32_t>(count.value_or(1));
    task.payloadBytes = table.size("payload").value_or(0);
    task.resultBytes = table.size("result").value_or(0);
    constexpr std::string_view kForm = "steps are written [ { compute = \"20 ms\" } ]";
    if (table.find("steps") == nullptr) {
        m_problems.report(value.position, "this [[task]] has no steps, add steps = [ { compute = "
                                          "\"20 ms\" } ]");
    } else if (const auto* list = table.list("steps", kForm)) {
        task.steps = parseSteps(*list, m_names, m_problems);
    }
    if (const Value* after = table.find("after")) {
        origin.after = after->position;
        task.after = indexOfName(*after, "task", m_names.tasks, m_problems);
    }
    readArrival(table, task, origin);
    task.retries =
        static_cast<std::uint32_t>(table.integer("retries", 0, kMostRetries).value_or(0));
    const Value* delay = table.find("retry_delay");
    task.retryDelayNs = table.duration("retry_delay").value_or(0);
    if (delay != nullptr && task.retries == 0) {
        m_problems.report(delay->position, "retry_delay without retries does nothing, add "
                                           "retries = 3");
    }
    table.refuseOthers();
    scenario.tasks.push_back(std::move(task));
    m_origins.push_back(origin);
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
    const auto tasks = tables(root, "task");
    root.refuseOthers();
    if (tasks.empty()) {
        if (!m_problems.areNone()) {
            return scenario; // a mistake in it says more than what is missing
        }
        m_problems.report({1, 1},
                          fmt::format("a scenario without a [[task]] does nothing, {}", kTaskForm));
        return scenario;
    }
    if (tasks.size() > kMostTemplates) {
        m_problems.report(tasks[kMostTemplates]->position,
                          fmt::format("too many [[task]], at most {} are allowed (use count for "
                                      "equal ones)",
                                      kMostTemplates));
        return scenario;
    }
    // Names first: a step may use a task that is declared below it.
    for (const Value* task : tasks) {
        TableReader table(*task, "[[task]]", m_problems);
        declaredName(table, m_names.tasks);
    }
    reportDuplicates("task", tasks);
    for (const Value* task : tasks) {
        readTask(*task, scenario);
    }
    if (m_problems.areNone()) {
        const std::vector<bool> isSpawned = spawnedTemplates(scenario);
        for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
            if (isSpawned[i] && !m_hasCount[i]) {
                scenario.tasks[i].count = 0;
            }
        }
        checkScenario(scenario, m_origins, m_problems);
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
    return scenario;
}

} // namespace interleave::scenario
