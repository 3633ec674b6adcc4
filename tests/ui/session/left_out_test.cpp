// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/left_out.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(LeftOut, SaysWhyInOneLineForAllModelsThatLackTheSame) {
    LeftOut leftOut;
    EXPECT_TRUE(leftOut.isEmpty());
    leftOut.add(QStringLiteral("celery"), QStringLiteral("there is no broker."));
    leftOut.add(QStringLiteral("rq"), QStringLiteral("there is no Redis."));
    leftOut.add(QStringLiteral("pika"), QStringLiteral("there is no broker."));
    leftOut.add(QStringLiteral("pika"), QStringLiteral("there is no broker."));
    EXPECT_FALSE(leftOut.isEmpty());
    EXPECT_EQ(leftOut.text().toStdString(), "celery, pika are left out: there is no broker.\n"
                                            "rq is left out: there is no Redis.");
}

} // namespace
} // namespace interleave::ui
