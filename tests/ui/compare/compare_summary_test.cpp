// SPDX-License-Identifier: GPL-3.0-or-later
// Bars, finish lines, columns and waterfall of a comparison, as numbers.
#include "tests/ui/chart/scene_checks.h"
#include "tests/ui/compare/compare_runs.h"
#include "ui/compare/compare_columns.h"
#include "ui/compare/compare_geometry.h"
#include "ui/compare/compare_layout.h"
#include "ui/theme/text.h"
#include "ui/view_state/time_navigation.h"

#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

using analysis::Part;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr QSizeF kScreen(1280, 800);

CompareInputs inputsOf(const CompareModel& model, QSizeF size = kScreen) {
    return {.visible = fittedView(model.extent), .size = size};
}

Recordings eightModels() {
    Recordings recordings{oneAfterTheOther(20)};
    for (const char* model : {"threads", "gil-threads", "processes", "event-loop",
                              "event-loop+pool", "work-stealing", "python-asyncio+threads"}) {
        for (const int total : {8, 10, 16}) {
            recordings.push_back(atOnce(total, model));
        }
    }
    return recordings;
}

TEST(CompareGroups, ArePutTogetherAndKnowTheirMedianRun) {
    const CompareModel model = compareModelOf(repeatedRuns());
    ASSERT_EQ(model.groups.size(), 2U);
    EXPECT_TRUE(model.hasRepeats());
    EXPECT_TRUE(model.groups[0].isBaseline);
    EXPECT_THAT(model.groups[1].runs, ElementsAre(1, 2, 3));
    EXPECT_EQ(model.groups[1].typical, 3U);
    EXPECT_EQ(model.groups[1].makespanNs.minimum, 8'000);
    EXPECT_EQ(model.groups[1].makespanNs.median, 10'000);
    EXPECT_EQ(model.groups[1].makespanNs.maximum, 12'000);
}

TEST(CompareGroups, AreSortedByTheirMedians) {
    CompareModel model = compareModelOf(repeatedRuns(), CompareSort::Total);
    EXPECT_EQ(model.typicalRow(model.groups[0]).info.model, "threads");
    EXPECT_EQ(model.runs[0].index, 1U);
    sortBy(model, CompareSort::AsGiven);
    EXPECT_EQ(model.typicalRow(model.groups[0]).info.model, "sequential");
    EXPECT_EQ(model.runs[0].index, 0U);
}

TEST(CompareColumns, NeverShowASingleNumberWhereRunsDiffer) {
    const CompareModel model = compareModelOf(repeatedRuns());
    const CompareCell total = cellOf(model, model.groups[1], CompareSort::Total);
    EXPECT_EQ(total.value.toStdString(), "10.0 µs");
    EXPECT_EQ(total.range.toStdString(), "8.00–12.0 µs");
    EXPECT_EQ(cellOf(model, model.groups[1], CompareSort::SpeedUp).value.toStdString(), "2.00 ×");
    EXPECT_EQ(cellOf(model, model.groups[1], CompareSort::Efficiency).value.toStdString(), "100 %");
    const CompareCell threads = cellOf(model, model.groups[1], CompareSort::Threads);
    EXPECT_EQ(threads.value.toStdString(), "2");
    EXPECT_EQ(threads.range, QString());
    EXPECT_EQ(cellOf(model, model.groups[0], CompareSort::Memory).value.toStdString(), "–");
}

TEST(CompareColumns, GiveWayToTheBarsWhereThereIsLittleRoom) {
    const CompareModel model = compareModelOf(repeatedRuns());
    EXPECT_EQ(columnsWithin(model, CompareSort::AsGiven, 2000).size(),
              static_cast<std::size_t>(kCompareSorts - 1));
    const auto few = columnsWithin(model, CompareSort::Parallelism, 10);
    std::vector<CompareSort> left;
    for (const CompareColumn& column : few) {
        left.push_back(column.sort);
    }
    EXPECT_THAT(left,
                ElementsAre(CompareSort::Total, CompareSort::SpeedUp, CompareSort::Parallelism));
}

TEST(CompareBars, AreAsLongAsTheMedianAndTheirWhiskersGoFromTheFirstRunToTheLast) {
    const CompareModel model = compareModelOf(repeatedRuns());
    const ComparePicture shown = comparePicture(model, inputsOf(model));
    const chart::TimeScale& scale = shown.picture.scale;
    ASSERT_EQ(shown.bars.size(), 2U);
    EXPECT_NEAR(shown.bars[0].bar.right(), scale.xOf(20'000), 0.01);
    EXPECT_NEAR(shown.bars[1].bar.right(), scale.xOf(10'000), 0.01);
    std::vector<std::pair<double, double>> whiskers;
    for (const chart::Item& item : shown.picture.scene.items) {
        const auto* const line = std::get_if<chart::Line>(&item);
        if (line != nullptr && line->ink.role == chart::Role::Text && !line->isDashed &&
            line->points[0].y() == line->points[1].y()) {
            whiskers.emplace_back(line->points[0].x(), line->points[1].x());
        }
    }
    ASSERT_EQ(whiskers.size(), 1U); // one run has no spread
    EXPECT_NEAR(whiskers[0].first, scale.xOf(8'000), 0.01);
    EXPECT_NEAR(whiskers[0].second, scale.xOf(12'000), 0.01);
}

TEST(CompareFinishLines, StandWhereTheoryPutsThemWithNameAndTime) {
    const CompareModel model = compareModelOf(repeatedRuns());
    ASSERT_TRUE(model.comparison.lines);
    const analysis::FinishLines& lines = *model.comparison.lines;
    const ComparePicture shown = comparePicture(model, inputsOf(model));
    ASSERT_FALSE(shown.lines.empty());
    const auto at = [&](Nanoseconds ns) {
        return std::ranges::any_of(shown.lines, [&](const PlacedLine& line) {
            return std::abs(line.x - shown.picture.scale.xOf(ns)) < 0.01;
        });
    };
    EXPECT_TRUE(at(lines.workOverCoresNs));
    EXPECT_TRUE(at(lines.criticalPathNs));
    EXPECT_TRUE(at(lines.amdahlNs));
    EXPECT_TRUE(chart::hasText(shown.picture.scene, "all 2 cores always busy"));
    EXPECT_TRUE(chart::hasText(shown.picture.scene, durationText(lines.workOverCoresNs)));
    const PlacedLine& line = shown.lines.front();
    EXPECT_THAT(compareAt(model, shown, {line.x, line.bottomPx - 4}).toStdString(),
                HasSubstr(line.name.toStdString()));
}

TEST(CompareFinishLines, ThatCoincideAreOneLineWithBothNames) {
    const CompareModel model = compareModelOf(repeatedRuns());
    for (const FinishMark& mark : finishMarks(model)) {
        const auto same = std::ranges::count_if(finishMarks(model), [&](const FinishMark& other) {
            return durationText(other.ns) == durationText(mark.ns);
        });
        EXPECT_EQ(same, 1) << mark.name.toStdString();
    }
    EXPECT_TRUE(std::ranges::any_of(finishMarks(model), [](const FinishMark& mark) {
        return mark.name.contains(QStringLiteral(" = "));
    }));
}

TEST(CompareWaterfall, StacksThePartsUpToTheMakespan) {
    const CompareModel model = compareModelOf(repeatedRuns());
    const ComparePicture shown = comparePicture(model, inputsOf(model));
    for (std::size_t group = 0; group < model.groups.size(); ++group) {
        double right = shown.picture.scale.leftPx;
        for (const PlacedPart& part : shown.parts) {
            if (part.group == group) {
                EXPECT_NEAR(part.rect.left(), right, 0.01);
                right = part.rect.right();
            }
        }
        EXPECT_NEAR(right, shown.bars[group].bar.right(), 0.5);
    }
    const auto imbalance = std::ranges::find_if(shown.parts, [](const PlacedPart& part) {
        return part.group == 1 && part.part == Part::Imbalance;
    });
    ASSERT_NE(imbalance, shown.parts.end());
    // Half of the second of two workers' time: a quarter of all, 2.5 of 10 µs.
    EXPECT_NEAR(imbalance->rect.width(),
                shown.picture.scale.xOf(2'500) - shown.picture.scale.leftPx, 1);
    const std::string said = compareAt(model, shown, imbalance->rect.center()).toStdString();
    EXPECT_THAT(said, HasSubstr("2.50 µs"));
    EXPECT_THAT(said, HasSubstr(std::string(analysis::meaningOf(Part::Imbalance))));
    EXPECT_TRUE(chart::hasText(shown.picture.scene, "imbalance"));
}

TEST(CompareTimelines, ShowTheMedianRunOrAll) {
    const CompareModel model = compareModelOf(repeatedRuns());
    CompareInputs inputs = inputsOf(model, {1280, 1200});
    const ComparePicture one = comparePicture(model, inputs);
    ASSERT_EQ(one.runs.size(), 2U);
    EXPECT_EQ(one.runs[1].index, 3U);
    EXPECT_TRUE(chart::hasText(one.picture.scene, "run 3 of 3, the median"));
    inputs.showsEveryRun = true;
    EXPECT_EQ(comparePicture(model, inputs).runs.size(), 4U);
}

/// Every text of a column as a whole: its letters need no more than its place.
std::vector<std::string> cutTexts(const chart::Scene& scene, double fromX) {
    std::vector<std::string> cut;
    for (const chart::Item& item : scene.items) {
        const auto* const text = std::get_if<chart::Text>(&item);
        if (text != nullptr && !text->wraps && text->rect.left() >= fromX &&
            chart::widthOf(text->text, text->font) > text->rect.width() + 0.5) {
            cut.push_back(text->text.toStdString());
        }
    }
    return cut;
}

class CompareSheets : public testing::TestWithParam<QSize> {};

TEST_P(CompareSheets, HaveEightRepeatedModelsWithNothingCutOrOverlapping) {
    const CompareModel model = compareModelOf(eightModels());
    ASSERT_EQ(model.groups.size(), 8U);
    const ComparePicture shown = comparePicture(model, inputsOf(model, GetParam()));
    EXPECT_EQ(shown.bars.size(), 8U);
    EXPECT_THAT(chart::itemsOutside(shown.picture.scene), IsEmpty());
    EXPECT_THAT(chart::textsThatOverlap(shown.picture.scene), IsEmpty());
    EXPECT_THAT(cutTexts(shown.picture.scene, shown.picture.scale.rightPx()), IsEmpty());
    EXPECT_GE(shown.picture.scale.widthPx, 220);
}

INSTANTIATE_TEST_SUITE_P(Sizes, CompareSheets,
                         testing::Values(QSize(1240, 320), QSize(1240, 450), QSize(1240, 640),
                                         QSize(1280, 800), QSize(1920, 1080)));

} // namespace
} // namespace interleave::ui
