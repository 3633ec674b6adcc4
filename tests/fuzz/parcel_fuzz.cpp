// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a broker delivers or somebody writes into a run's pipe: it is ours and whole, or it is
// not, and nothing else happens.
#include "engine/base/check.h"
#include "engine/models/faults/fault_schedule.h"
#include "engine/models/task_queue/task_parcel.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace interleave;
    using namespace interleave::models;
    const auto body = std::as_bytes(std::span(data, size));
    for (const MessageKind kind : {MessageKind::Task, MessageKind::Result}) {
        const auto frames = framesOf(body, kind, 1000);
        std::size_t at = 0;
        for (const TaskFrame& frame : frames.value_or(std::vector<TaskFrame>())) {
            CHECK(frame.begin == at && frame.end <= size);
            const Message header = headerOf(body, frame);
            CHECK(header.task.value >= 1 && header.task.value <= 1000);
            checksumOf(body.subspan(frame.begin + sizeof header, header.bytes));
            CHECK(frameWith(header, body, frame).size() == frame.end - frame.begin);
            at = frame.end;
        }
    }
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto fault = parseFaultCommand(text)) {
        CHECK(scenario::parseFault(scenario::textOf(*fault)).has_value());
    } else {
        CHECK(!fault.error().message.empty());
    }
    return 0;
}
