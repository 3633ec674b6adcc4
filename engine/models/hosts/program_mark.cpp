// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/program_mark.h"

#include <string_view>

namespace interleave::models {

namespace {

/// FNV-1a. Not against malice: whoever may publish to the run's broker needs no collision.
class Mark {
public:
    void add(std::uint64_t number) {
        for (int i = 0; i < 8; ++i) {
            addByte(static_cast<unsigned char>(number >> (8 * i)));
        }
    }
    void add(std::int64_t number) { add(static_cast<std::uint64_t>(number)); }
    void add(std::uint32_t number) { add(std::uint64_t{number}); }
    void add(std::string_view text) {
        add(std::uint64_t{text.size()});
        for (const char c : text) {
            addByte(static_cast<unsigned char>(c));
        }
    }
    std::uint64_t value() const { return m_value; }

private:
    void addByte(unsigned char byte) { m_value = (m_value ^ byte) * 0x100'0000'01b3ULL; }
    std::uint64_t m_value = 0xcbf2'9ce4'8422'2325ULL;
};

void add(Mark& mark, const scenario::Action& action) {
    mark.add(static_cast<std::uint32_t>(action.kind));
    mark.add(action.step.value);
    mark.add(action.durationNs);
    mark.add(static_cast<std::uint32_t>(action.kernel));
    mark.add(action.bytes);
    mark.add(action.object.value);
    for (const bool strikes : action.strikes) {
        mark.add(std::uint32_t{strikes});
    }
}

} // namespace

std::uint64_t markOf(const scenario::Program& program) {
    Mark mark;
    mark.add(program.seed);
    for (const scenario::Task& task : program.tasks) {
        mark.add(task.name);
        mark.add(task.payloadBytes);
        mark.add(task.resultBytes);
        mark.add(task.retries);
        mark.add(task.queue.value);
        for (const scenario::Action& action : task.actions) {
            add(mark, action);
        }
    }
    for (const scenario::Object& object : program.objects) {
        mark.add(object.name);
    }
    for (const std::string& step : program.stepNames) {
        mark.add(step);
    }
    return mark.value();
}

} // namespace interleave::models
