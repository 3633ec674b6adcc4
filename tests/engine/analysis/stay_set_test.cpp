// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/stay_set.h"

#include <gmock/gmock.h>
#include <random>

namespace interleave::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(StaySet, KnowsWhoIsThere) {
    const StaySet set({{{10, 20}, 1}, {{0, 30}, 2}, {{12, 14}, 3}});
    EXPECT_EQ(set.countAt(-1), 0U);
    EXPECT_EQ(set.countAt(0), 1U);
    EXPECT_EQ(set.countAt(12), 3U);
    EXPECT_EQ(set.countAt(14), 2U); // ends are not part of a stay
    EXPECT_EQ(set.countAt(30), 0U);
    EXPECT_EQ(set.maximum(), 3U);
    EXPECT_THAT(set.at(13, 2), ElementsAre(Stay{{0, 30}, 2}, Stay{{10, 20}, 1}));
    EXPECT_THAT(set.at(13, 0), IsEmpty());
}

TEST(StaySet, OfNobodyIsEmpty) {
    const StaySet set;
    EXPECT_EQ(set.countAt(5), 0U);
    EXPECT_EQ(set.maximum(), 0U);
    EXPECT_THAT(set.at(5, 10), IsEmpty());
    EXPECT_THAT(StaySet(std::vector<Stay>{}).at(5, 10), IsEmpty());
}

TEST(StaySet, AgreesWithLookingAtEachStay) {
    std::mt19937 random(7);
    std::vector<Stay> stays;
    for (std::uint32_t i = 0; i < 300; ++i) {
        const auto begin = static_cast<Nanoseconds>(random() % 500);
        const auto length = static_cast<Nanoseconds>(1 + random() % 60);
        stays.push_back({{begin, begin + length}, i});
    }
    const StaySet set(stays);
    std::size_t most = 0;
    for (Nanoseconds when = -5; when < 570; ++when) {
        std::vector<Stay> there;
        for (const Stay& stay : set.stays()) {
            if (stay.range.contains(when)) {
                there.push_back(stay);
            }
        }
        most = std::max(most, there.size());
        EXPECT_EQ(set.countAt(when), there.size());
        EXPECT_EQ(set.at(when, 1000), there) << when;
        there.resize(std::min<std::size_t>(there.size(), 7));
        EXPECT_EQ(set.at(when, 7), there) << when;
    }
    EXPECT_EQ(set.maximum(), most);
}

} // namespace
} // namespace interleave::analysis
