// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/expression.h"

#include "engine/analysis/expression_words.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <initializer_list>

namespace interleave::analysis {

struct Expression::Node {
    std::string_view operation{}; // one of the grammar's own words; empty: a name or a number
    std::string name{};
    double number = 0;
    bool isCondition = false;
    std::unique_ptr<const Node> left{};
    std::unique_ptr<const Node> right{};
};

namespace {

using ExpressionNode = Expression::Node;
using NodePointer = std::unique_ptr<const ExpressionNode>;
using NodeResult = Result<NodePointer>;

constexpr const char* kComparisonWanted = "one of < <= > >= == != was expected";

/// From the loosest binding to the closest: or, and, not, comparison, + -, * /, sign. Every level
/// is one function; the depth of parentheses and the number of nodes are bounded, so that no text
/// can exhaust the stack.
class ExpressionParser {
public:
    ExpressionParser(std::string_view text, const Expression::CheckName& checkName)
        : m_words(text)
        , m_checkName(checkName) {}

    NodeResult parse(Expression::Kind kind) {
        NodeResult root = parseOr();
        if (!root) {
            return root;
        }
        const bool isCondition = (*root)->isCondition;
        if (kind == Expression::Kind::Condition && !isCondition) {
            return mistake(kComparisonWanted);
        }
        if (!m_words.next().empty()) {
            return mistake(isCondition ? "\"and\", \"or\" or the end was expected"
                                       : "one of + - * / or the end was expected");
        }
        if (kind == Expression::Kind::Number && isCondition) {
            return mistake("a number is wanted, not a comparison");
        }
        return root;
    }

private:
    static constexpr int kDeepest = 100;
    static constexpr int kMostNodes = 1000;

    using Level = NodeResult (ExpressionParser::*)();

    NodeResult parseOr() { return parseChain({"or"}, true, &ExpressionParser::parseAnd); }
    NodeResult parseAnd() { return parseChain({"and"}, true, &ExpressionParser::parseNot); }
    NodeResult parseSum() { return parseChain({"+", "-"}, false, &ExpressionParser::parseProduct); }
    NodeResult parseProduct() {
        return parseChain({"*", "/"}, false, &ExpressionParser::parseSigned);
    }

    /// Parts joined by any of the words, from left to right.
    NodeResult parseChain(std::initializer_list<std::string_view> words, bool joinsConditions,
                          Level parsePart) {
        NodeResult left = (this->*parsePart)();
        while (left) {
            const auto word = std::ranges::find(words, m_words.next());
            if (word == words.end()) {
                break;
            }
            if ((*left)->isCondition != joinsConditions) {
                return mistake(joinsConditions ? kComparisonWanted
                                               : "a comparison can't be reckoned with");
            }
            m_words.take();
            NodeResult right = (this->*parsePart)();
            left =
                joined(*word, std::move(left), std::move(right), joinsConditions, joinsConditions);
        }
        return left;
    }

    NodeResult parseNot() {
        if (!m_words.takeIf("not")) {
            return parseComparison();
        }
        const Nesting nesting(m_depth);
        return m_depth > kDeepest ? mistake("too many \"not\"")
                                  : joined("not", parseNot(), NodePointer(), true, true);
    }

    NodeResult parseComparison() {
        NodeResult left = parseSum();
        constexpr std::string_view kComparisons[] = {"<", "<=", ">", ">=", "==", "!="};
        const auto word = std::ranges::find(kComparisons, m_words.next());
        if (!left || (*left)->isCondition || word == std::end(kComparisons)) {
            return left;
        }
        m_words.take();
        return joined(*word, std::move(left), parseSum(), false, true);
    }

    NodeResult parseSigned() {
        if (!m_words.takeIf("-")) {
            return parsePrimary();
        }
        const Nesting nesting(m_depth);
        return m_depth > kDeepest ? mistake("there are too many signs")
                                  : joined("-", parseSigned(), NodePointer(), false, false);
    }

    NodeResult parsePrimary() {
        if (!m_words.takeIf("(")) {
            return parseName();
        }
        const Nesting nesting(m_depth);
        if (m_depth > kDeepest) {
            return mistake("the parentheses are nested too deep");
        }
        NodeResult inner = parseOr();
        if (inner && !m_words.takeIf(")")) {
            return mistake("a closing parenthesis is missing");
        }
        return inner;
    }

    NodeResult parseName() {
        const std::string_view word = m_words.next();
        if (word.empty()) {
            return mistake("a number was expected");
        }
        auto node = std::make_unique<ExpressionNode>();
        if (word[0] >= '0' && word[0] <= '9') {
            const auto [end, error] =
                std::from_chars(word.data(), word.data() + word.size(), node->number);
            if (error != std::errc{} || end != word.data() + word.size()) {
                return mistake("a number was expected");
            }
            m_words.take();
            node->number /= m_words.takeIf("%") ? 100 : 1;
        } else {
            if (const auto known = m_checkName(word); !known) {
                return mistake(known.error().message);
            }
            node->name = word;
            m_words.take();
        }
        return NodePointer(std::move(node));
    }

    NodeResult joined(std::string_view word, NodeResult left, NodeResult right,
                      bool joinsConditions, bool isCondition) {
        if (!left || !right) {
            return left ? std::move(right) : std::move(left);
        }
        for (const NodePointer* part : {&*left, &*right}) {
            if (*part && (*part)->isCondition != joinsConditions) {
                return mistake(joinsConditions ? kComparisonWanted
                                               : "a comparison can't be reckoned with");
            }
        }
        if (++m_nodes > kMostNodes) {
            return mistake(fmt::format("there are more than {} terms", kMostNodes));
        }
        auto node = std::make_unique<ExpressionNode>();
        node->operation = word;
        node->isCondition = isCondition;
        node->left = std::move(*left);
        node->right = std::move(*right);
        return NodePointer(std::move(node));
    }

    std::unexpected<Error> mistake(std::string_view what) {
        return fail(fmt::format("The condition \"{}\" is not understood at {}: {}.", m_words.text(),
                                m_words.place(), what));
    }

    struct Nesting {
        explicit Nesting(int& depth)
            : m_depth(depth) {
            ++m_depth;
        }
        Nesting(const Nesting&) = delete;
        ~Nesting() { --m_depth; }
        int& m_depth;
    };

    ExpressionWords m_words;
    const Expression::CheckName& m_checkName;
    int m_depth = 0;
    int m_nodes = 0;
};

double reckoned(std::string_view operation, double left, double right) {
    switch (operation.front()) {
    case '+':
        return left + right;
    case '-':
        return left - right;
    case '*':
        return left * right;
    case '/':
        return left / right;
    case '<':
        return operation == "<" ? left < right : left <= right;
    case '>':
        return operation == ">" ? left > right : left >= right;
    default:
        return (operation == "==") == (left == right);
    }
}

Result<double> evaluate(const ExpressionNode& node, const Expression::ValueOf& valueOf) {
    if (node.operation.empty() && node.name.empty()) {
        return node.number;
    }
    if (node.operation.empty()) {
        const auto value = valueOf(node.name);
        return value ? Result<double>(*value)
                     : fail(fmt::format("The condition needs {}, which is not known of this "
                                        "recording.",
                                        node.name));
    }
    const Result<double> left = evaluate(*node.left, valueOf);
    if (!left) {
        return left;
    }
    if (node.operation == "not") {
        return *left == 0 ? 1 : 0;
    }
    if (!node.right) {
        return -*left;
    }
    // What decides already needs no more: `messages_lost > 0` may not be known of this run.
    if (node.operation == "and" || node.operation == "or") {
        return (*left != 0) == (node.operation == "or") ? left : evaluate(*node.right, valueOf);
    }
    const Result<double> right = evaluate(*node.right, valueOf);
    return right ? Result<double>(reckoned(node.operation, *left, *right)) : right;
}

} // namespace

Result<Expression> Expression::parse(std::string_view text, Kind kind, const CheckName& checkName) {
    NodeResult root = ExpressionParser(text, checkName).parse(kind);
    if (!root) {
        return std::unexpected(root.error());
    }
    return Expression(std::string(text), std::move(*root));
}

Result<bool> Expression::holds(const ValueOf& valueOf) const {
    const auto result = evaluate(*m_root, valueOf);
    return result ? Result<bool>(*result != 0) : std::unexpected(result.error());
}

Result<double> Expression::value(const ValueOf& valueOf) const {
    const auto result = evaluate(*m_root, valueOf);
    if (result && !std::isfinite(*result)) {
        return fail(fmt::format("\"{}\" has no value: it divides by nothing.", m_text));
    }
    return result;
}

} // namespace interleave::analysis
