// SPDX-License-Identifier: GPL-3.0-or-later
// How long a frame of the Gantt takes, from what is visible to pixels in the window: geometry,
// painting and the repaint of a 1600 x 900 widget, at every zoom, with
// labels, moving by 0.1 % of the view each frame or zooming by 2 %. The floor is the same widget
// without a recording, in the same run. "worst" is found by trying zooms in steps of a third.
//
//   gantt_frame_benchmark [--spans=1000000,10000000] [--tracks=64,5000] [--frames=200]
#include "tests/support/generated_recording.h"
#include "ui/gantt/gantt_canvas.h"
#include "ui/gantt/gantt_painter.h"
#include "ui/gantt/overview_shares.h"
#include "ui/theme/plot_style.h"
#include "ui/view_state/time_navigation.h"

#include <QApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <time.h>
#include <vector>

namespace interleave::ui {
namespace {

struct Options {
    std::vector<std::size_t> spans{200'000};
    std::vector<std::size_t> tracks{64, 5'000};
    int frames = 20;
};

struct Figure {
    double median = 0; // ms
    double p99 = 0;
    double cpu = 0; // median of what all threads took: tells on a busy machine
    double cpuP99 = 0;
};

double cpuNow() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

class Frames {
public:
    void add(double ms, double cpuMs) {
        m_ms.push_back(ms);
        m_cpu.push_back(cpuMs);
    }
    Figure figure() { return {at(m_ms, 50), at(m_ms, 99), at(m_cpu, 50), at(m_cpu, 99)}; }

private:
    static double at(std::vector<double>& values, std::size_t percent) {
        std::ranges::sort(values);
        return values[std::min(values.size() - 1, values.size() * percent / 100)];
    }

    std::vector<double> m_ms, m_cpu;
};

/// The widget, as GanttView has it, and the state of its frames.
class Stage {
public:
    Stage() {
        m_canvas.resize(1600, 900);
        m_inputs.size = QSizeF(1600, 900);
        m_inputs.labelFont = m_theme.font(kSmallPx);
        m_inputs.heightRatios = heightRatiosOf(m_theme);
        m_inputs.visible = {0, 1'000'000'000};
        m_canvas.show();
        QApplication::processEvents();
    }

    void setRecording(std::shared_ptr<const recording::Recording> recording) {
        auto layout = std::make_shared<RowLayout>(*recording, Grouping::Task);
        m_inputs.rowPx = layout->rowPxFor(900 - kRulerPx);
        m_inputs.scrollPx =
            std::max(0.0, layout->totalHeight(m_inputs.rowPx) - (900 - kRulerPx)) / 2;
        m_inputs.layout = std::move(layout);
        m_inputs.recording = std::move(recording);
    }

    void frame(TimeRange visible, Frames& frames) {
        m_inputs.visible = visible;
        const double cpuBegin = cpuNow();
        QElapsedTimer timer;
        timer.start();
        m_canvas.replot();
        m_canvas.repaint();
        const double ms = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
        frames.add(ms, cpuNow() - cpuBegin);
    }

    const GanttGeometry& geometry() const { return m_geometry; }

private:
    Theme m_theme = themeOf(ThemeKind::Light);
    GanttCanvas m_canvas{[this](QPainter& painter) {
        m_geometry = ganttGeometry(m_inputs, std::move(m_geometry));
        paintGantt(painter, m_geometry, {QStringLiteral("simulated")}, m_theme);
    }};
    GanttInputs m_inputs;
    GanttGeometry m_geometry;
};

TimeRange viewOf(const recording::Recording& recording, double share) {
    const auto whole = static_cast<double>(recording.range.endNs);
    const auto length =
        std::max<Nanoseconds>(kShortestViewNs, static_cast<Nanoseconds>(whole * share));
    const auto begin = static_cast<Nanoseconds>((whole - static_cast<double>(length)) * 0.37);
    return {begin, begin + length};
}

Figure panned(Stage& stage, const recording::Recording& recording, double share, int frames) {
    TimeRange view = viewOf(recording, share);
    Frames measured;
    for (int i = 0; i < frames; ++i) {
        view = pannedBy(view, i % 100 < 50 ? 0.001 : -0.001, recording.range);
        stage.frame(view, measured);
    }
    return measured.figure();
}

/// From the whole run to a few spans and back.
Figure zoomed(Stage& stage, const recording::Recording& recording, int frames) {
    TimeRange view = viewOf(recording, 1);
    const Nanoseconds anchor = view.beginNs + view.durationNs() / 3;
    double factor = 0.98;
    Frames measured;
    for (int i = 0; i < 3 * frames; ++i) {
        if (view.durationNs() < 100'000) {
            factor = 1 / 0.98;
        } else if (view.durationNs() > recording.range.durationNs()) {
            factor = 0.98;
        }
        view = zoomedAt(view, factor, anchor, recording.range);
        stage.frame(view, measured);
    }
    return measured.figure();
}

double worstShare(Stage& stage, const recording::Recording& recording) {
    double worst = 1;
    double most = 0;
    for (double share = 1; viewOf(recording, share).durationNs() > 1'000; share *= 2.0 / 3) {
        const double cpu = panned(stage, recording, share, 7).cpu;
        if (cpu > most) {
            most = cpu;
            worst = share;
        }
    }
    return worst;
}

std::string nameOf(double share) {
    return share >= 1e-5 ? fmt::format("{:.3g} %", share * 100) : fmt::format("{:.0e}", share);
}

void measure(Stage& stage, Figure floor, std::size_t spans, std::size_t tracks, int frames) {
    support::GeneratedOptions options;
    options.spans = spans;
    options.tracks = tracks;
    options.marks = tracks * 100;
    QElapsedTimer timer;
    timer.start();
    const auto recording = support::generatedRecording(options);
    fmt::print("\n{} spans on {} tracks, {:.3g} s long, made in {:.1f} s\n", spans, tracks,
               toSeconds(recording->range.endNs), static_cast<double>(timer.elapsed()) * 1e-3);
    stage.setRecording(recording);
    const auto print = [&](const std::string& what, Figure figure) {
        fmt::print("  {:<16} median {:6.2f} ms  p99 {:6.2f} ms  {:5.1f} x floor  cpu {:5.2f} (p99 "
                   "{:5.2f}) ms"
                   "  ({} bars)\n",
                   what, figure.median, figure.p99, figure.median / floor.median, figure.cpu,
                   figure.cpuP99, stage.geometry().bars.size());
        std::fflush(stdout);
    };
    for (double share = 1; viewOf(*recording, share).durationNs() > 2'000; share /= 10) {
        print(nameOf(share), panned(stage, *recording, share, frames));
    }
    const double worst = worstShare(stage, *recording);
    print("worst: " + nameOf(worst), panned(stage, *recording, worst, frames));
    print("zooming", zoomed(stage, *recording, frames));
    timer.restart();
    const auto shares = overviewShares(
        {recording, recording::TrackKind::Task, recording->range, std::size_t{1432}});
    fmt::print("  {:<16} {:.2f} ms for {} columns\n", "overview",
               static_cast<double>(timer.nsecsElapsed()) * 1e-6, shares.columns.size());
}

std::vector<std::size_t> numbersIn(const std::string& list) {
    std::vector<std::size_t> numbers;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        numbers.push_back(std::strtoull(list.substr(at, comma - at).c_str(), nullptr, 10));
        at = comma + 1;
    }
    return numbers;
}

Options optionsOf(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        const std::string value =
            argument.substr(std::min(argument.find('=') + 1, argument.size()));
        if (argument.starts_with("--spans=")) {
            options.spans = numbersIn(value);
        } else if (argument.starts_with("--tracks=")) {
            options.tracks = numbersIn(value);
        } else if (argument.starts_with("--frames=")) {
            options.frames = std::max(5, std::atoi(value.c_str()));
        }
    }
    return options;
}

} // namespace
} // namespace interleave::ui

int main(int argc, char** argv) {
    using namespace interleave::ui;
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    const QApplication application(argc, argv);
    const Options options = optionsOf(argc, argv);
    Stage stage;
    Frames empty;
    for (int i = 0; i < options.frames; ++i) {
        stage.frame({0, 1'000'000'000 + i}, empty);
    }
    const Figure floor = empty.figure();
    fmt::print("empty view (floor): median {:.2f} ms, p99 {:.2f} ms, cpu {:.2f} ms\n", floor.median,
               floor.p99, floor.cpu);
    for (const std::size_t tracks : options.tracks) {
        for (const std::size_t spans : options.spans) {
            measure(stage, floor, spans, tracks, options.frames);
        }
    }
    return 0;
}
