// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_layout.h"

#include "tests/support/busy_kitchen.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

using analysis::Kitchen;

void expectTidy(const Kitchen& kitchen, const KitchenLayout& layout) {
    const QRectF all(QPointF(0, 0), layout.size);
    ASSERT_EQ(layout.rooms.size(), kitchen.rooms().size());
    ASSERT_EQ(layout.stations.size(), kitchen.chefs().size());
    for (std::size_t i = 0; i < layout.rooms.size(); ++i) {
        const PlacedRoom& room = layout.rooms[i];
        EXPECT_TRUE(all.contains(room.rect)) << i;
        EXPECT_FALSE(room.rect.intersects(layout.hatch)) << i;
        EXPECT_FALSE(room.rect.intersects(layout.head)) << i;
        for (const std::uint32_t chef : kitchen.rooms()[i].chefs) {
            const PlacedStation& station = layout.stations[chef];
            EXPECT_TRUE(room.rect.contains(station.rect)) << chef;
            EXPECT_TRUE(station.rect.contains(station.board)) << chef;
            EXPECT_TRUE(station.rect.contains(station.figure)) << chef;
            if (!room.oven.isEmpty()) {
                EXPECT_FALSE(room.oven.rect.intersects(station.rect)) << chef;
            }
        }
        for (std::size_t other = 0; other < i; ++other) {
            EXPECT_FALSE(room.rect.intersects(layout.rooms[other].rect));
        }
    }
    for (std::size_t i = 0; i < layout.stations.size(); ++i) {
        for (std::size_t other = 0; other < i; ++other) {
            EXPECT_FALSE(layout.stations[i].rect.intersects(layout.stations[other].rect))
                << i << " and " << other;
        }
    }
}

TEST(KitchenLayout, KeepsEverythingApartWhateverTheSize) {
    for (const std::uint32_t processes : {1U, 2U, 5U, 16U}) {
        const Kitchen kitchen(support::busyKitchen({processes, 16, 100, true}));
        for (const QSizeF size : {QSizeF(1600, 900), QSizeF(1000, 600), QSizeF(500, 1200),
                                  QSizeF(2400, 300), QSizeF(1, 1)}) {
            SCOPED_TRACE(testing::Message()
                         << processes << " processes, " << size.width() << "x" << size.height());
            expectTidy(kitchen, kitchenLayout(kitchen, size));
        }
    }
}

TEST(KitchenLayout, FitsSixteenChefsIntoAWindow) {
    const Kitchen kitchen(support::busyKitchen());
    const KitchenLayout layout = kitchenLayout(kitchen, {1100, 640});
    EXPECT_LE(layout.size.height(), 641) << "nothing to scroll";
    EXPECT_GE(layout.scale, 0.72);
}

TEST(KitchenLayout, GrowsInsteadOfBecomingTooSmallToRead) {
    const Kitchen kitchen(support::busyKitchen({1, 80, 100, true}));
    const KitchenLayout layout = kitchenLayout(kitchen, {1000, 500});
    EXPECT_GT(layout.size.height(), 900);
    EXPECT_GE(layout.scale, 0.7);
}

TEST(KitchenLayout, HasAHookOnlyWhereThereIsAKnife) {
    const Kitchen free(support::busyKitchen({1, 4, 8, false}));
    EXPECT_TRUE(kitchenLayout(free, {1000, 600}).rooms[0].hook.isEmpty());
    const Kitchen gil(support::busyKitchen({1, 4, 8, true}));
    const KitchenLayout layout = kitchenLayout(gil, {1000, 600});
    EXPECT_TRUE(layout.rooms[0].hook.contains(layout.rooms[0].knife));
}

TEST(KitchenLayout, HangsTicketsOnTheRailOneBesideTheOther) {
    const Kitchen kitchen(support::busyKitchen());
    const KitchenLayout layout = kitchenLayout(kitchen, {1000, 600});
    ASSERT_EQ(layout.rails.size(), 1U);
    const std::size_t most = layout.ticketsOn(0);
    ASSERT_GT(most, 10U);
    for (std::size_t i = 1; i < most; ++i) {
        EXPECT_FALSE(layout.ticket(0, i)->intersects(*layout.ticket(0, i - 1)));
        EXPECT_TRUE(layout.rails[0].contains(*layout.ticket(0, i)));
    }
    EXPECT_FALSE(layout.ticket(0, most));
    EXPECT_FALSE(layout.ticket(7, 0));
}

TEST(PlateGrid, GivesEachPlateAPlaceOfItsOwn) {
    for (const int plates : {1, 2, 7, 60}) {
        const QRectF rect(10, 20, 400, 60);
        const PlateGrid grid = plateGrid(rect, plates, 14);
        ASSERT_GE(grid.count(), plates);
        for (int i = 0; i < plates; ++i) {
            const QPointF at = grid.cell(i);
            EXPECT_TRUE(rect.adjusted(-1, -1, 1, 1)
                            .contains(QRectF(at.x() - grid.radius, at.y() - grid.radius,
                                             2 * grid.radius, 2 * grid.radius)))
                << plates << ": " << i;
            for (int other = 0; other < i; ++other) {
                const QPointF way = at - grid.cell(other);
                EXPECT_GE(std::hypot(way.x(), way.y()), 2 * grid.radius) << plates;
            }
        }
    }
    EXPECT_TRUE(plateGrid({0, 0, 100, 100}, 0, 14).isEmpty());
    EXPECT_TRUE(plateGrid({0, 0, 2, 2}, 5, 14).isEmpty());
}

} // namespace
} // namespace interleave::ui
