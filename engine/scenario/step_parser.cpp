// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/step_parser.h"

#include "engine/scenario/publish_parser.h"
#include "engine/scenario/table_reader.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

// In the order of Step::what.
constexpr std::array<std::string_view, std::variant_size_v<decltype(Step::what)>> kStepKinds{
    "compute", "io",  "sleep", "lock",  "acquire", "release", "barrier",
    "put",     "get", "spawn", "await", "publish", "fail",    "crash"};
constexpr std::array<std::string_view, 4> kKernels{"integers", "primes", "sha256", "memory"};
constexpr std::string_view kStepForm = "steps are written [ { compute = \"20 ms\" } ]";
constexpr std::string_view kChanceForm =
    "\"always\", \"first-try\" or a probability from 0 to 1 is wanted";

class StepReader {
public:
    StepReader(const DeclaredNames& names, Problems& problems)
        : m_names(names)
        , m_problems(problems) {}

    Steps steps(const std::vector<Value>& list, int depth);

private:
    void addStep(const Value& value, int depth, Steps& steps);
    /// The member that says what kind of step it is; null after a report.
    const Member* kindOf(const Value& value);
    void fill(Step& step, std::string_view kind, TableReader& table, int depth);
    void fillWork(Step& step, std::string_view kind, TableReader& table);
    void fillLock(Step& step, TableReader& table, int depth);
    void fillObject(Step& step, std::string_view kind, TableReader& table);
    void fillTasks(Step& step, std::string_view kind, TableReader& table);
    Kernel kernel(TableReader& table);
    Chance chance(TableReader& table, std::string_view kind);
    std::size_t named(TableReader& table, std::string_view key, std::string_view kind,
                      const NameList& declared);

    const DeclaredNames& m_names;
    Problems& m_problems;
};

Steps StepReader::steps(const std::vector<Value>& list, int depth) {
    Steps result;
    if (depth > kDeepestSteps) {
        if (!list.empty()) {
            m_problems.report(
                list.front().position,
                fmt::format("steps are nested too deep, at most {} levels are allowed",
                            kDeepestSteps));
        }
        return result;
    }
    result.reserve(list.size());
    for (const Value& value : list) {
        addStep(value, depth, result);
    }
    return result;
}

void StepReader::addStep(const Value& value, int depth, Steps& steps) {
    if (value.kind != Value::Kind::Table) {
        m_problems.report(value.position,
                          fmt::format("a step is {}, {}", describe(value.kind), kStepForm));
        return;
    }
    const Member* kind = kindOf(value);
    if (kind == nullptr) {
        return;
    }
    TableReader table(value, fmt::format("{} step", withArticle(kind->key)), m_problems);
    Step step;
    step.line = value.position.line;
    step.column = value.position.column;
    fill(step, kind->key, table, depth);
    if (const auto name = table.name("name")) {
        step.name = *name;
    }
    table.refuseOthers();
    steps.push_back(std::move(step));
}

const Member* StepReader::kindOf(const Value& value) {
    const Member* kind = nullptr;
    for (const Member& member : value.members) {
        if (std::find(kStepKinds.begin(), kStepKinds.end(), member.key) == kStepKinds.end()) {
            continue;
        }
        if (kind != nullptr) {
            m_problems.report(member.position,
                              fmt::format("a step does one thing, write {} and {} as two steps",
                                          kind->key, member.key));
            return nullptr;
        }
        kind = &member;
    }
    if (kind != nullptr) {
        return kind;
    }
    const std::string allowed = fmt::format("steps are {}", listed(kStepKinds, "and"));
    if (value.members.empty()) {
        m_problems.report(value.position, fmt::format("an empty step, {}", allowed));
        return nullptr;
    }
    const Member& first = value.members.front();
    const auto meant = nearest(first.key, kStepKinds);
    m_problems.report(
        first.position,
        fmt::format("unknown step {}, {}{}", inQuotes(first.key),
                    meant ? fmt::format("did you mean {}? ", inQuotes(*meant)) : std::string(),
                    allowed));
    return nullptr;
}

void StepReader::fill(Step& step, std::string_view kind, TableReader& table, int depth) {
    if (kind == "compute" || kind == "io" || kind == "sleep") {
        fillWork(step, kind, table);
        return;
    }
    if (kind == "spawn" || kind == "await") {
        fillTasks(step, kind, table);
        return;
    }
    if (kind == "lock") {
        fillLock(step, table, depth);
        return;
    }
    if (kind == "fail") {
        step.name = kind;
        step.what = FailStep{chance(table, kind)};
        return;
    }
    if (kind == "crash") {
        step.name = kind;
        step.what = CrashStep{chance(table, kind)};
        return;
    }
    if (kind == "publish") {
        PublishStep publish = parsePublish(table, m_names, m_problems);
        step.name = m_problems.areNone() ? spanNameOf(publish, m_names) : kind;
        step.what = std::move(publish);
        return;
    }
    fillObject(step, kind, table);
}

void StepReader::fillLock(Step& step, TableReader& table, int depth) {
    LockStep lock{named(table, "lock", "lock", m_names.locks), {}};
    step.name = m_problems.areNone() ? m_names.locks[lock.lock] : "lock";
    const Value* given = table.find("steps");
    if (given == nullptr) {
        m_problems.report(table.position(), "a lock step has to say what is done while the lock is "
                                            "held, add steps = [ { compute = \"5 ms\" } ]");
    } else if (const auto* list = table.list("steps", kStepForm)) {
        lock.steps = steps(*list, depth + 1);
    }
    step.what = std::move(lock);
}

void StepReader::fillObject(Step& step, std::string_view kind, TableReader& table) {
    const bool isQueue = kind == "put" || kind == "get";
    const auto& declared = isQueue             ? m_names.queues
                           : kind == "barrier" ? m_names.barriers
                                               : m_names.semaphores;
    const std::size_t index = named(table, kind,
                                    isQueue             ? "queue"
                                    : kind == "barrier" ? kind
                                                        : "semaphore",
                                    declared);
    if (m_problems.areNone()) {
        step.name = fmt::format("{} {}", kind, declared[index]);
    }
    if (kind == "acquire") {
        step.what = AcquireStep{index};
    } else if (kind == "release") {
        step.what = ReleaseStep{index};
    } else if (kind == "barrier") {
        step.what = BarrierStep{index};
    } else if (kind == "put") {
        step.what = PutStep{index};
    } else {
        step.what = GetStep{index};
    }
}

void StepReader::fillWork(Step& step, std::string_view kind, TableReader& table) {
    const VariedDuration duration = table.variedDuration(kind).value_or(VariedDuration{});
    step.name = fmt::format("{} {}", kind, textOf(duration));
    if (kind == "compute") {
        const Kernel which = kernel(table);
        step.what = ComputeStep{duration, which, table.flag("releases_gil").value_or(false)};
    } else if (kind == "io") {
        const std::uint64_t bytes = table.size("bytes").value_or(0);
        step.what = IoStep{duration, bytes, table.flag("blocking").value_or(false)};
    } else {
        step.what = SleepStep{duration, table.flag("blocking").value_or(false)};
    }
}

void StepReader::fillTasks(Step& step, std::string_view kind, TableReader& table) {
    const std::size_t task = named(table, kind, "task", m_names.tasks);
    const std::string name = m_problems.areNone() ? m_names.tasks[task] : "";
    if (kind == "await") {
        step.name = fmt::format("await {}", name);
        step.what = AwaitStep{task};
        return;
    }
    const auto count =
        static_cast<std::uint32_t>(table.integer("count", 0, kMostTasks).value_or(1));
    step.name =
        count == 1 ? fmt::format("spawn {}", name) : fmt::format("spawn {} {}", count, name);
    step.what = SpawnStep{task, count};
}

Kernel StepReader::kernel(TableReader& table) {
    const Value* value = table.find("kernel");
    if (value == nullptr) {
        return Kernel::Integers;
    }
    const auto* const known = std::find(kKernels.begin(), kKernels.end(), value->text);
    if (value->kind != Value::Kind::Text || known == kKernels.end()) {
        m_problems.report(value->position,
                          fmt::format("{} is not a kernel, allowed are {}",
                                      value->kind == Value::Kind::Text ? inQuotes(value->text)
                                                                       : describe(value->kind),
                                      listed(kKernels, "and")));
        return Kernel::Integers;
    }
    return static_cast<Kernel>(known - kKernels.begin());
}

Chance StepReader::chance(TableReader& table, std::string_view kind) {
    const Value& value = *table.find(kind);
    if (value.kind == Value::Kind::Text && value.text == "always") {
        return {Chance::When::Always, 1};
    }
    if (value.kind == Value::Kind::Text && value.text == "first-try") {
        return {Chance::When::FirstTry, 1};
    }
    const bool isNumber = value.kind == Value::Kind::Integer || value.kind == Value::Kind::Number;
    const double probability =
        value.kind == Value::Kind::Integer ? static_cast<double>(value.integer) : value.number;
    // Written so that NaN fails too.
    if (!isNumber || !(probability >= 0 && probability <= 1)) {
        const std::string found = value.kind == Value::Kind::Text ? inQuotes(value.text)
                                  : isNumber                      ? fmt::format("{}", probability)
                                             : std::string(describe(value.kind));
        m_problems.report(value.position, fmt::format("{} = {}, {}", kind, found, kChanceForm));
        return {};
    }
    return {Chance::When::Probability, probability};
}

std::size_t StepReader::named(TableReader& table, std::string_view key, std::string_view kind,
                              const NameList& declared) {
    return indexOfName(*table.find(key), kind, declared, m_problems).value_or(0);
}

/// What a name could have been: the near one, all if they are few, or how to declare it.
std::string allowedNames(const std::string& name, std::string_view kind,
                         const std::vector<std::string>& declared) {
    constexpr std::size_t kMostListed = 10;
    const std::vector<std::string_view> candidates(declared.begin(), declared.end());
    const auto meant = nearest(name, candidates);
    const std::string guess = meant ? fmt::format("did you mean {}?", inQuotes(*meant)) : "";
    if (declared.empty() || (declared.size() > kMostListed && !meant)) {
        return fmt::format("declare it: [[{}]] name = {}", kind, inQuotes(name));
    }
    if (declared.size() > kMostListed) {
        return guess;
    }
    std::vector<std::string> quotedNames;
    for (const std::string& each : declared) {
        quotedNames.push_back(inQuotes(each));
    }
    const std::vector<std::string_view> views(quotedNames.begin(), quotedNames.end());
    return fmt::format("{}{}declared {} {}", guess, guess.empty() ? "" : " ",
                       declared.size() == 1 ? "is" : "are", listed(views, "and"));
}

} // namespace

std::string_view kindNameOf(const Step& step) {
    return kStepKinds[step.what.index()];
}

std::string_view nameOf(Kernel kernel) {
    return kKernels[static_cast<std::size_t>(kernel)];
}

Steps parseSteps(const std::vector<Value>& list, const DeclaredNames& names, Problems& problems) {
    return StepReader(names, problems).steps(list, 1);
}

std::optional<std::size_t> indexOfName(const Value& name, std::string_view kind,
                                       const NameList& declared, Problems& problems) {
    if (name.kind != Value::Kind::Text) {
        problems.report(name.position, fmt::format("the name of {} is {}, a text in quotes is "
                                                   "wanted",
                                                   withArticle(kind), describe(name.kind)));
        return std::nullopt;
    }
    if (const auto known = declared.find(name.text)) {
        return known;
    }
    if (problems.wouldBeFirst(name.position)) {
        problems.report(name.position,
                        fmt::format("no {} is named {}, {}", kind, inQuotes(name.text),
                                    allowedNames(name.text, kind, declared.all())));
    }
    return std::nullopt;
}

} // namespace interleave::scenario
