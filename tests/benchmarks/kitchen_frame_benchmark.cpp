// SPDX-License-Identifier: GPL-3.0-or-later
// How long a frame of the kitchen takes, from the moment to pixels in the window, while time runs
// through a recording; and how long it takes to make ready for a recording. In processor time, so
// that a busy machine says the same. Fails where a frame does not fit into sixty a second.
//
//   kitchen_frame_benchmark [FRAMES]
#include "tests/benchmarks/frame_times.h"
#include "tests/support/busy_kitchen.h"
#include "ui/kitchen/kitchen_canvas.h"
#include "ui/kitchen/kitchen_view.h"

#include <QApplication>
#include <cstdio>
#include <cstdlib>

namespace interleave::ui {
namespace {

constexpr double kMostMs = 16;

bool measure(const char* what, const support::BusyKitchen& options, int frames) {
    const auto recording = support::busyKitchen(options);
    const double before = cpuMs();
    const analysis::Kitchen kitchen(recording);
    const double ready = cpuMs() - before;
    ViewState state;
    state.setRecording(recording);
    KitchenView view(state);
    view.resize(1600, 900);
    view.show();
    QApplication::processEvents();
    const FrameTimes frame = frameTimes(state, view.canvas(), frames);
    std::printf("%-38s frame %.2f ms (p99 %.2f), made ready in %.1f ms\n", what, frame.medianMs,
                frame.p99Ms, ready);
    return frame.p99Ms <= kMostMs;
}

} // namespace
} // namespace interleave::ui

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    const int frames = argc > 1 ? std::atoi(argv[1]) : 200;
    using interleave::ui::measure;
    const bool one = measure("1 kitchen, 16 chefs, 100 dishes", {1, 16, 100, true}, frames);
    const bool many = measure("16 kitchens, 16 chefs, 100 dishes", {16, 16, 100, true}, frames);
    const bool loop = measure("1 kitchen, 1 chef, 1000 dishes", {1, 1, 1000, true}, frames);
    return one && many && loop ? 0 : 1;
}
