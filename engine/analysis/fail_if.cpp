// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/fail_if.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace interleave::analysis {

using recording::Recording;

namespace {

using Value = std::optional<double>;

template <class T>
Value asDouble(const std::optional<T>& value) {
    return value ? Value(static_cast<double>(*value)) : std::nullopt;
}

Value asDouble(std::uint64_t value) {
    return static_cast<double>(value);
}

Value ofMessages(const Statistics& statistics, std::uint64_t (*count)(const MessageReport&)) {
    return statistics.messages ? Value(static_cast<double>(count(*statistics.messages)))
                               : std::nullopt;
}

struct Total {
    std::string_view name;
    Value (*value)(const Recording&, const Statistics&);
};

constexpr Total kTotals[] = {
    {"makespan_s",
     [](const Recording&, const Statistics& s) -> Value { return toSeconds(s.makespanNs); }},
    {"cpu_s",
     [](const Recording&, const Statistics& s) -> Value {
         return s.cpuNs ? Value(toSeconds(*s.cpuNs)) : std::nullopt;
     }},
    {"parallelism_max",
     [](const Recording&, const Statistics& s) -> Value { return s.parallelismMax; }},
    {"parallelism_mean", [](const Recording&, const Statistics& s) { return s.parallelismMean; }},
    {"peak_rss_bytes",
     [](const Recording&, const Statistics& s) { return asDouble(s.peakRssBytes); }},
    {"tasks_total", [](const Recording&, const Statistics& s) { return asDouble(s.tasksTotal); }},
    {"tasks_done", [](const Recording&, const Statistics& s) { return asDouble(s.tasksDone); }},
    {"tasks_failed", [](const Recording&, const Statistics& s) { return asDouble(s.tasksFailed); }},
    {"tasks_cancelled",
     [](const Recording&, const Statistics& s) { return asDouble(s.tasksCancelled); }},
    {"switches_voluntary",
     [](const Recording&, const Statistics& s) { return asDouble(s.voluntarySwitches); }},
    {"switches_involuntary",
     [](const Recording&, const Statistics& s) { return asDouble(s.involuntarySwitches); }},
    {"migrations", [](const Recording&, const Statistics& s) { return asDouble(s.migrations); }},
    {"messages_lost",
     [](const Recording&, const Statistics& s) {
         return ofMessages(
             s, [](const MessageReport& m) { return m.totals.ends.of(recording::CopyEnd::Lost); });
     }},
    {"messages_redelivered",
     [](const Recording&, const Statistics& s) {
         return ofMessages(s, [](const MessageReport& m) { return m.totals.redelivered; });
     }},
    {"messages_unaccounted",
     [](const Recording&, const Statistics& s) {
         return ofMessages(s, [](const MessageReport& m) { return m.unaccounted; });
     }},
    {"idle_while_reserved_elsewhere_s",
     [](const Recording&, const Statistics& s) -> Value {
         return s.messages ? Value(toSeconds(s.backlog.starvedNs)) : std::nullopt;
     }},
    {"workers", [](const Recording& r, const Statistics&) -> Value { return r.info.workers; }},
    {"cores", [](const Recording& r, const Statistics&) -> Value { return r.info.cores; }},
};

bool isTaskState(State state) {
    return !isEnd(state) && state < State::Held;
}

/// "waiting_gil_share" -> (WaitingGil, true); "waiting_gil_s" -> (WaitingGil, false).
std::optional<std::pair<State, bool>> stateTotalNamed(std::string_view name) {
    for (const auto& [suffix, isShare] :
         {std::pair(std::string_view("_share"), true), std::pair(std::string_view("_s"), false)}) {
        if (name.ends_with(suffix)) {
            const auto state = stateNamed(name.substr(0, name.size() - suffix.size()));
            if (state && isTaskState(*state)) {
                return std::pair(*state, isShare);
            }
        }
    }
    return std::nullopt;
}

bool isKnownName(std::string_view name) {
    return stateTotalNamed(name) ||
           std::ranges::find(kTotals, name, &Total::name) != std::end(kTotals);
}

} // namespace

std::vector<std::string> failConditionNames() {
    std::vector<std::string> names;
    for (const Total& total : kTotals) {
        names.emplace_back(total.name);
    }
    for (const char* const suffix : {"_s", "_share"}) {
        for (int i = 0; i < kStateCount; ++i) {
            if (isTaskState(static_cast<State>(i))) {
                names.push_back(std::string(nameOf(static_cast<State>(i))) + suffix);
            }
        }
    }
    return names;
}

std::optional<double> totalNamed(std::string_view name, const Recording& recording,
                                 const Statistics& statistics) {
    if (const auto total = std::ranges::find(kTotals, name, &Total::name);
        total != std::end(kTotals)) {
        return total->value(recording, statistics);
    }
    const auto state = stateTotalNamed(name);
    if (!state) {
        return std::nullopt;
    }
    const auto ns =
        static_cast<double>(statistics.states.ns[static_cast<std::size_t>(state->first)]);
    if (!state->second) {
        return ns * 1e-9;
    }
    const auto all = static_cast<double>(statistics.states.total());
    return all > 0 ? std::optional(ns / all) : std::nullopt;
}

struct FailCondition::Node {
    enum class Kind { Compare, And, Or, Not } kind = Kind::Compare;
    std::string name;
    std::string comparison;
    double number = 0;
    std::unique_ptr<const Node> left;
    std::unique_ptr<const Node> right;
};

namespace {

using Node = FailCondition::Node;
using NodeResult = Result<std::unique_ptr<const Node>>;

bool compares(double left, std::string_view comparison, double right) {
    if (comparison == "<") {
        return left < right;
    }
    if (comparison == "<=") {
        return left <= right;
    }
    if (comparison == ">") {
        return left > right;
    }
    if (comparison == ">=") {
        return left >= right;
    }
    return (comparison == "==") == (left == right);
}

/// or-terms of and-terms of comparisons, read from left to right.
class Parser {
public:
    explicit Parser(std::string_view text)
        : m_text(text) {}

    NodeResult parse() {
        NodeResult root = parseOr(0);
        if (root && !next().empty()) {
            return mistake("\"and\", \"or\" or the end was expected");
        }
        return root;
    }

private:
    static constexpr int kDeepest = 100;

    NodeResult parseOr(int depth) {
        return parseChain("or", Node::Kind::Or, depth, [this, depth] { return parseAnd(depth); });
    }

    NodeResult parseAnd(int depth) {
        return parseChain("and", Node::Kind::And, depth,
                          [this, depth] { return parseTerm(depth); });
    }

    template <class ParsePart>
    NodeResult parseChain(std::string_view word, Node::Kind kind, int depth,
                          ParsePart&& parsePart) {
        if (depth > kDeepest) {
            return mistake("the parentheses are nested too deep");
        }
        NodeResult left = parsePart();
        int joined = 0;
        while (left && next() == word) {
            if (++joined > kDeepest) {
                return mistake(fmt::format("there are more than {} terms", kDeepest));
            }
            take();
            NodeResult right = parsePart();
            if (!right) {
                return right;
            }
            auto node = std::make_unique<Node>();
            node->kind = kind;
            node->left = std::move(*left);
            node->right = std::move(*right);
            left = std::unique_ptr<const Node>(std::move(node));
        }
        return left;
    }

    NodeResult parseTerm(int depth) {
        if (next() == "(") {
            take();
            NodeResult inner = parseOr(depth + 1);
            if (inner && next() != ")") {
                return mistake("a closing parenthesis is missing");
            }
            take();
            return inner;
        }
        if (next() == "not") {
            take();
            if (depth > kDeepest) {
                return mistake("too many \"not\"");
            }
            NodeResult inner = parseTerm(depth + 1);
            if (!inner) {
                return inner;
            }
            auto node = std::make_unique<Node>();
            node->kind = Node::Kind::Not;
            node->left = std::move(*inner);
            return std::unique_ptr<const Node>(std::move(node));
        }
        return parseComparison();
    }

    NodeResult parseComparison() {
        auto node = std::make_unique<Node>();
        node->name = next();
        if (!isKnownName(node->name)) {
            return mistake(fmt::format("a name was expected; known are {}",
                                       fmt::join(failConditionNames(), ", ")));
        }
        take();
        node->comparison = next();
        constexpr std::string_view kComparisons[] = {"<", "<=", ">", ">=", "==", "!="};
        if (std::ranges::find(kComparisons, node->comparison) == std::end(kComparisons)) {
            return mistake("one of < <= > >= == != was expected");
        }
        take();
        const std::string_view number = next();
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), node->number);
        if (number.empty() || error != std::errc{} || end != number.data() + number.size()) {
            return mistake("a number was expected");
        }
        take();
        if (next() == "%") {
            node->number /= 100;
            take();
        }
        return std::unique_ptr<const Node>(std::move(node));
    }

    static bool isOperator(char c) {
        return std::string_view("<>=!").find(c) != std::string_view::npos;
    }
    static bool isPunctuation(char c) { return c == '(' || c == ')' || c == '%'; }
    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    /// The next word without taking it; empty at the end.
    std::string_view next() {
        while (m_at < m_text.size() && isSpace(m_text[m_at])) {
            ++m_at;
        }
        std::size_t end = m_at;
        if (end < m_text.size() && isPunctuation(m_text[end])) {
            ++end;
        } else if (end < m_text.size() && isOperator(m_text[end])) {
            while (end < m_text.size() && isOperator(m_text[end])) {
                ++end;
            }
        } else {
            while (end < m_text.size() && !isSpace(m_text[end]) && !isPunctuation(m_text[end]) &&
                   !isOperator(m_text[end])) {
                ++end;
            }
        }
        return m_text.substr(m_at, end - m_at);
    }

    void take() { m_at += next().size(); }

    std::unexpected<Error> mistake(const std::string& what) {
        const std::string_view word = next();
        const std::string where =
            word.empty() ? "its end" : fmt::format("column {}, \"{}\"", m_at + 1, word);
        return fail(
            fmt::format("The condition \"{}\" is not understood at {}: {}.", m_text, where, what));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

Result<bool> evaluate(const Node& node, const Recording& recording, const Statistics& statistics) {
    if (node.kind == Node::Kind::Compare) {
        const auto value = totalNamed(node.name, recording, statistics);
        if (!value) {
            return fail(fmt::format("The condition needs {}, which is not known of this recording.",
                                    node.name));
        }
        return compares(*value, node.comparison, node.number);
    }
    const Result<bool> left = evaluate(*node.left, recording, statistics);
    if (!left) {
        return left;
    }
    switch (node.kind) {
    case Node::Kind::Not:
        return !*left;
    case Node::Kind::And:
        return *left ? evaluate(*node.right, recording, statistics) : left;
    default:
        return *left ? left : evaluate(*node.right, recording, statistics);
    }
}

} // namespace

FailCondition::FailCondition(std::unique_ptr<const Node> root)
    : m_root(std::move(root)) {}
FailCondition::FailCondition(FailCondition&&) noexcept = default;
FailCondition& FailCondition::operator=(FailCondition&&) noexcept = default;
FailCondition::~FailCondition() = default;

Result<FailCondition> FailCondition::parse(std::string_view text) {
    NodeResult root = Parser(text).parse();
    if (!root) {
        return std::unexpected(root.error());
    }
    return FailCondition(std::move(*root));
}

Result<bool> FailCondition::holds(const Recording& recording, const Statistics& statistics) const {
    return evaluate(*m_root, recording, statistics);
}

} // namespace interleave::analysis
