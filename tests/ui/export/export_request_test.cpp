// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_request.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(ExportRequest, ReadsTheNamesOfTheCommandLine) {
    EXPECT_EQ(exportViewNamed("contention"), ExportView::Contention);
    EXPECT_EQ(exportViewNamed("topology"), ExportView::Topology);
    EXPECT_EQ(themeNamed("print"), ThemeKind::Print);
    EXPECT_EQ(groupingNamed("worker"), Grouping::Worker);
    EXPECT_EQ(exportFormatOf("a/b.svg"), ExportFormat::Svg);
    EXPECT_EQ(exportSizeFrom("1600x900"), QSizeF(1600, 900));
}

TEST(ExportRequest, SaysWhatThereIsToChoose) {
    EXPECT_EQ(exportViewNamed("pie").error().message,
              "'pie' is no view; choose one of gantt, utilisation, contention, compare, topology, "
              "kitchen.");
    EXPECT_EQ(themeNamed("").error().message, "'' is no theme; choose one of light, dark, print.");
    EXPECT_EQ(exportFormatOf("out.bmp").error().message,
              "out.bmp: the ending says the format; use .png, .svg or .pdf.");
}

TEST(ExportRequest, RefusesSizesThatAreNone) {
    for (const char* text : {"", "x", "800", "800x", "x600", "800x600x2", "-1x5", "0x10", "1.5x2",
                             "20001x100", "99999999999x1", "800 x 600", "mm", "84mm", "84xmm",
                             "-84x60mm", "nanx60mm", "1e9x60mm"}) {
        EXPECT_FALSE(exportSizeFrom(text).has_value()) << text;
    }
    EXPECT_TRUE(exportSizeFrom("20000x1").has_value());
}

TEST(ExportRequest, KnowsMillimetres) {
    const QSizeF column = exportSizeFrom("84x60mm").value();
    EXPECT_NEAR(column.width(), 84 / 25.4 * 96, 1e-9);
    EXPECT_EQ(textOfExportSize(column), "84x60mm");
    EXPECT_EQ(exportSizeFrom(textOfExportSize(column).toStdString()), column);
    EXPECT_EQ(textOfExportSize(QSizeF(1280, 720)), "1280x720");
}

TEST(ExportRequest, ReadsMomentsExactly) {
    EXPECT_EQ(exportMomentFrom("1.5 ms"), 1'500'000);
    EXPECT_EQ(exportMomentFrom("-20us"), -20'000);
    EXPECT_EQ(exportMomentFrom("9007199254740993ns"), 9'007'199'254'740'993) << "beyond a double";
    for (const char* text : {"", "ms", "5", "5 min", "1e30 s", "nan s", "1 ms 2"}) {
        EXPECT_FALSE(exportMomentFrom(text).has_value()) << text;
    }
}

TEST(ExportRequest, ReadsStatesByName) {
    StateSet states;
    states.set(static_cast<std::size_t>(State::Sleeping))
        .set(static_cast<std::size_t>(State::Ready));
    EXPECT_EQ(stateSetNamed("sleeping, ready"), states);
    EXPECT_EQ(stateSetNamed(textOf(states).toStdString()), states);
    EXPECT_EQ(stateSetNamed(""), StateSet());
    EXPECT_FALSE(stateSetNamed("ready,asleep").has_value());
}

} // namespace
} // namespace interleave::ui
