// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_request.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(ExportRequest, ReadsTheNamesOfTheCommandLine) {
    EXPECT_EQ(exportViewNamed("contention"), ExportView::Contention);
    EXPECT_EQ(themeNamed("print"), ThemeKind::Print);
    EXPECT_EQ(groupingNamed("worker"), Grouping::Worker);
    EXPECT_EQ(exportFormatOf("a/b.svg"), ExportFormat::Svg);
    EXPECT_EQ(exportSizeFrom("1600x900"), QSize(1600, 900));
}

TEST(ExportRequest, SaysWhatThereIsToChoose) {
    EXPECT_EQ(exportViewNamed("pie").error().message,
              "'pie' is no view; choose one of gantt, utilisation, contention, compare.");
    EXPECT_EQ(themeNamed("").error().message, "'' is no theme; choose one of light, dark, print.");
    EXPECT_EQ(exportFormatOf("out.bmp").error().message,
              "out.bmp: the ending says the format; use .png, .svg or .pdf.");
}

TEST(ExportRequest, RefusesSizesThatAreNone) {
    for (const char* text : {"", "x", "800", "800x", "x600", "800x600x2", "-1x5", "0x10", "1.5x2",
                             "20001x100", "99999999999x1", "800 x 600"}) {
        EXPECT_FALSE(exportSizeFrom(text).has_value()) << text;
    }
    EXPECT_TRUE(exportSizeFrom("20000x1").has_value());
}

} // namespace
} // namespace interleave::ui
