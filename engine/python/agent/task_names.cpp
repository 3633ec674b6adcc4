// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/task_names.h"

#include "engine/python/agent/emit.h"
#include "engine/python/agent/text_line.h"

#include <cstring>

namespace interleave::agent {

namespace {

using Line = TextLine<480>;
constexpr std::size_t kLongestPart = 200;

std::string_view shortened(std::string_view text) {
    return {text.data(), text.size() < kLongestPart ? text.size() : kLongestPart};
}

/// "main.<locals>.worker" is the worker.
std::string_view withoutScope(std::string_view name) {
    constexpr std::string_view kLocals = "<locals>.";
    const std::size_t locals = name.rfind(kLocals);
    if (locals != std::string_view::npos) {
        name.remove_prefix(locals + kLocals.size());
    }
    return name;
}

/// "Task-12", which asyncio gives where the program doesn't.
bool isGivenByAsyncio(std::string_view name) {
    constexpr std::string_view kBegin = "Task-";
    if (name.size() <= kBegin.size() ||
        std::memcmp(name.data(), kBegin.data(), kBegin.size()) != 0) {
        return false;
    }
    for (std::size_t i = kBegin.size(); i < name.size(); ++i) {
        if (name[i] < '0' || name[i] > '9') {
            return false;
        }
    }
    return true;
}

} // namespace

std::uint32_t nameAsyncio(std::uint32_t number, std::string_view name, std::string_view function) {
    Line line;
    if (name.empty()) {
        line.add(shortened(withoutScope(function)));
    } else if (function.empty() || !isGivenByAsyncio(name)) {
        line.add(shortened(name));
    } else {
        line.add(shortened(withoutScope(function))).add(" (").add(shortened(name)).add(")");
    }
    line.addZero().add("asyncio").addZero();
    if (number == 0) {
        return nameTask(line.data(), line.size());
    }
    emitText(record::EventKind::TaskNamed, number, line.view());
    return number;
}

std::uint32_t nameItem(std::string_view function, std::string_view key) {
    Line line;
    line.add(shortened(withoutScope(function))).addZero().add("pool item").addZero().add(key);
    return nameTask(line.data(), line.size());
}

std::uint32_t hashOfName(std::string_view name) {
    std::uint32_t hash = 2'166'136'261u; // FNV-1a
    for (const char letter : name) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 16'777'619u;
    }
    return hash;
}

} // namespace interleave::agent
