// SPDX-License-Identifier: GPL-3.0-or-later
// How long a frame of the topology takes, from the moment to pixels in the window, while time runs
// through a recording; and how long it takes to make ready for a recording. In processor time, so
// that a busy machine says the same. Fails where a frame's median is over the bound.
//
//   topology_frame_benchmark [MESSAGES [FRAMES]]
#include "tests/benchmarks/frame_times.h"
#include "tests/support/broker_sketch.h"
#include "ui/topology/topology_canvas.h"
#include "ui/topology/topology_view.h"

#include <QApplication>
#include <cstdio>
#include <cstdlib>

namespace interleave::ui {
namespace {

constexpr double kMostMs = 8;

bool measure(const char* what, std::uint32_t messages, std::uint32_t queues, std::uint32_t workers,
             int frames) {
    const auto recording = support::bigBrokerRecording(messages, queues, workers);
    const double before = cpuMs();
    const TopologyModel model = topologyModelOf(recording);
    const double ready = cpuMs() - before;
    ViewState state;
    state.setRecording(recording);
    TopologyView view(state);
    view.resize(1600, 900);
    view.show();
    QApplication::processEvents();
    const FrameTimes frame = frameTimes(state, view.canvas(), frames);
    std::printf("%-34s %7u messages: frame %.2f ms (p99 %.2f), made ready in %.0f ms\n", what,
                messages, frame.medianMs, frame.p99Ms, ready);
    return frame.medianMs <= kMostMs;
}

} // namespace
} // namespace interleave::ui

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    const auto messages =
        argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 100'000U;
    const int frames = argc > 2 ? std::atoi(argv[2]) : 100;
    const bool small = interleave::ui::measure("4 queues, 12 consumers", messages, 4, 12, frames);
    const bool large = interleave::ui::measure("40 queues, 80 consumers", messages, 40, 80, frames);
    return small && large ? 0 : 1;
}
