// SPDX-License-Identifier: GPL-3.0-or-later
// What comes from a broker may be anybody's.
#include "engine/models/task_queue/task_parcel.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

broker::Delivery deliveryOf(const TaskParcel& parcel) {
    broker::Delivery delivery;
    delivery.properties = propertiesOf(parcel, kTaskType);
    delivery.body = parcel.body;
    return delivery;
}

TaskParcel parcelWith(std::vector<std::uint64_t> payloads) {
    TaskParcel parcel;
    parcel.number = 17;
    std::uint32_t task = 0;
    for (const std::uint64_t bytes : payloads) {
        const auto frame = packMessage({MessageKind::Task, TaskId{++task}}, bytes);
        parcel.body.insert(parcel.body.end(), frame.begin(), frame.end());
    }
    return parcel;
}

TEST(TaskParcel, ComesBackAsItWasSent) {
    TaskParcel parcel = parcelWith({0, 100, 7});
    parcel.retries = 2;
    parcel.notBeforeNs = 123;
    parcel.expiresNs = 456;
    parcel.priority = 9;
    broker::Delivery delivery = deliveryOf(parcel);
    const auto read = parcelOf(delivery, kTaskType);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->number, 17u);
    EXPECT_EQ(read->retries, 2u);
    EXPECT_EQ(read->notBeforeNs, 123);
    EXPECT_EQ(read->expiresNs, 456);
    EXPECT_EQ(read->priority, 9);
    const auto frames = framesOf(read->body, MessageKind::Task, 3);
    ASSERT_TRUE(frames.has_value());
    ASSERT_EQ(frames->size(), 3u);
    for (const TaskFrame& frame : *frames) {
        const Message header = headerOf(read->body, frame);
        EXPECT_EQ(header.task, frame.task);
        const auto payload =
            std::span(read->body).subspan(frame.begin + sizeof header, header.bytes);
        EXPECT_EQ(checksumOf(payload), header.checksum);
    }
    EXPECT_EQ((*frames)[2].end, read->body.size());
}

TEST(TaskParcel, WhatIsNotOursIsNone) {
    const TaskParcel good = parcelWith({10});
    broker::Delivery otherType = deliveryOf(good);
    otherType.properties.type = "celery";
    EXPECT_FALSE(parcelOf(otherType, kTaskType).has_value());
    for (const char* id : {"", "0", "-1", "12x", "99999999999999999999", "abc"}) {
        broker::Delivery delivery = deliveryOf(good);
        delivery.properties.messageId = id;
        EXPECT_FALSE(parcelOf(delivery, kTaskType).has_value()) << id;
    }
    broker::Delivery negative = deliveryOf(good);
    negative.properties.headers = {{"retries", std::int64_t{-5}}};
    EXPECT_FALSE(parcelOf(negative, kTaskType).has_value());
}

TEST(TaskParcel, ACutOrHostileBodyHasNoFrames) {
    const TaskParcel good = parcelWith({10, 20});
    ASSERT_TRUE(framesOf(good.body, MessageKind::Task, 2).has_value());
    EXPECT_FALSE(framesOf({}, MessageKind::Task, 2).has_value()) << "an empty body";
    EXPECT_FALSE(framesOf(good.body, MessageKind::Task, 1).has_value()) << "a task beyond";
    EXPECT_FALSE(framesOf(good.body, MessageKind::Result, 2).has_value()) << "another kind";
    const std::size_t whole = sizeof(Message) + 10; // the first frame alone is a good body
    for (std::size_t size = 1; size < good.body.size(); ++size) {
        const auto frames = framesOf(std::span(good.body).first(size), MessageKind::Task, 2);
        EXPECT_EQ(frames.has_value(), size == whole) << size;
    }
    // A length that would wrap around.
    auto body = packMessage({MessageKind::Task, TaskId{1}}, 4);
    Message header = headerOf(body, {TaskId{1}, 0, body.size()});
    header.bytes = ~std::uint64_t{0} - 8;
    body = frameWith(header, body, {TaskId{1}, 0, body.size()});
    EXPECT_FALSE(framesOf(body, MessageKind::Task, 2).has_value());
}

} // namespace
} // namespace interleave::models
