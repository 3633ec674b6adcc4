// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/ordered_text.h"

#include <atomic>
#include <optional>
#include <tbb/concurrent_queue.h>
#include <tbb/info.h>
#include <tbb/parallel_pipeline.h>
#include <vector>

namespace interleave::analysis {

Result<bool> writeInOrder(std::size_t count,
                          const std::function<void(std::size_t, TextBuffer&)>& format,
                          const TextSink& sink) {
    // When writing is slow, formatting waits for a free buffer.
    const auto tokens = static_cast<std::size_t>(tbb::info::default_concurrency()) * 3;
    std::vector<TextBuffer> buffers(tokens);
    tbb::concurrent_queue<TextBuffer*> pool;
    for (TextBuffer& buffer : buffers) {
        pool.push(&buffer);
    }
    std::size_t next = 0;
    std::size_t done = 0;
    std::atomic<bool> hasFailed = false;
    std::optional<Error> error;
    const auto begin = [&](tbb::flow_control& control) -> std::size_t {
        if (next == count || hasFailed || sink.stop.stop_requested()) {
            control.stop();
            return 0;
        }
        return next++;
    };
    const auto fill = [&](std::size_t part) {
        TextBuffer* buffer = nullptr;
        pool.try_pop(buffer); // there are as many as parts under way
        buffer->clear();
        format(part, *buffer);
        return buffer;
    };
    const auto write = [&](TextBuffer* buffer) {
        if (!hasFailed && !buffer->view().empty()) {
            if (auto written = sink.write(buffer->view()); !written) {
                error = written.error();
                hasFailed = true;
            }
        }
        pool.push(buffer);
        if (++done; sink.progress) {
            sink.progress(static_cast<double>(done) / static_cast<double>(count));
        }
    };
    using Mode = tbb::filter_mode;
    tbb::parallel_pipeline(tokens,
                           tbb::make_filter<void, std::size_t>(Mode::serial_in_order, begin) &
                               tbb::make_filter<std::size_t, TextBuffer*>(Mode::parallel, fill) &
                               tbb::make_filter<TextBuffer*, void>(Mode::serial_in_order, write));
    if (error) {
        return std::unexpected(*error);
    }
    return !sink.stop.stop_requested();
}

} // namespace interleave::analysis
