// SPDX-License-Identifier: GPL-3.0-or-later
// Expression: arithmetic and comparisons over named numbers, as --fail-if and lessons have them:
// `waiting_gil_share > 50 %`, `threads.makespan_s < 0.6 * one.makespan_s and not tasks_failed > 0`.
// Which names there are, and what they are worth, is the caller's business.
#pragma once

#include "engine/base/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace interleave::analysis {

class Expression {
public:
    enum class Kind { Number, Condition };
    /// Whether a name is known; an error is the reason why it is not, without a place.
    using CheckName = std::function<Result<void>(std::string_view name)>;
    using ValueOf = std::function<std::optional<double>(std::string_view name)>;

    /// An error says where the text goes wrong and what would be right there.
    static Result<Expression> parse(std::string_view text, Kind kind, const CheckName& checkName);

    /// Of a condition, and of a number. An error when a value that it needs is not known.
    Result<bool> holds(const ValueOf& valueOf) const;
    Result<double> value(const ValueOf& valueOf) const;
    const std::string& text() const { return m_text; }

    struct Node;

private:
    Expression(std::string text, std::shared_ptr<const Node> root)
        : m_text(std::move(text))
        , m_root(std::move(root)) {}
    std::string m_text;
    std::shared_ptr<const Node> m_root; // copies share it
};

} // namespace interleave::analysis
