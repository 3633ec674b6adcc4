// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/parameters.h"

#include "engine/models/registry.h"

#include <gmock/gmock.h>
#include <set>

namespace interleave::models {

using testing::HasSubstr;

TEST(Parameters, ReadDurationsInEveryUnit) {
    EXPECT_EQ(parseDuration("5 ms"), 5'000'000);
    EXPECT_EQ(parseDuration("5ms"), 5'000'000);
    EXPECT_EQ(parseDuration("10 µs"), 10'000);
    EXPECT_EQ(parseDuration("10us"), 10'000);
    EXPECT_EQ(parseDuration("0.5 s"), 500'000'000);
    EXPECT_EQ(parseDuration(" 200 ns "), 200);
}

TEST(Parameters, RefuseWhatIsNoDuration) {
    for (const char* text :
         {"", "5", "ms", "-5 ms", "5 m s", "5 parsec", "nan ms", "inf s", "1e300 s", "5 ms 3"}) {
        EXPECT_FALSE(parseDuration(text).has_value()) << text;
    }
}

TEST(Parameters, AreDefaultsOverlaidWithSettings) {
    const ModelInfo& info = (*findModel("gil-threads"))->info();
    const auto defaults = resolveParameters(info, {});
    ASSERT_TRUE(defaults.has_value());
    EXPECT_EQ(defaults->at("switch_interval"), "5 ms");
    const auto set = resolveParameters(info, {{"switch_interval", "1 ms"}});
    ASSERT_TRUE(set.has_value());
    EXPECT_EQ(durationParameter(*set, "switch_interval"), 1'000'000);
    EXPECT_EQ(set->at("pool"), "fixed");
}

TEST(Parameters, NameTheKnownKeysWhenOneIsUnknown) {
    const auto result =
        resolveParameters((*findModel("gil-threads"))->info(), {{"swich_interval", "1 ms"}});
    ASSERT_FALSE(result.has_value());
    EXPECT_THAT(result.error().message, HasSubstr("swich_interval"));
    EXPECT_THAT(result.error().message, HasSubstr("switch_interval, pool"));
}

TEST(Parameters, SayWhatIsAllowedWhenAValueIsBad) {
    const ModelInfo& info = (*findModel("gil-threads"))->info();
    for (const char* value : {"5", "1 us", "11 s", "-5 ms", ""}) {
        const auto result = resolveParameters(info, {{"switch_interval", value}});
        ASSERT_FALSE(result.has_value()) << value;
        EXPECT_THAT(result.error().message, HasSubstr("10 µs to 10 s"));
    }
    const auto pool = resolveParameters(info, {{"pool", "many"}});
    ASSERT_FALSE(pool.has_value());
    EXPECT_THAT(pool.error().message, HasSubstr("fixed, per-task"));
}

TEST(Registry, NamesTheKnownModelsWhenOneIsUnknown) {
    const auto result = findModel("fibers");
    ASSERT_FALSE(result.has_value());
    EXPECT_THAT(result.error().message, HasSubstr("sequential, threads, gil-threads"));
}

TEST(Registry, HasModelsWithDistinctIdsAndValidDefaults) {
    std::set<std::string> ids;
    for (const auto& model : allModels()) {
        const ModelInfo& info = model->info();
        EXPECT_TRUE(ids.insert(info.id).second) << info.id;
        EXPECT_FALSE(info.title.empty() || info.about.empty() || info.kitchen.empty()) << info.id;
        for (const ParameterInfo& parameter : info.parameters) {
            EXPECT_TRUE(checkValue(parameter, parameter.defaultValue).has_value())
                << info.id << " " << parameter.key;
        }
    }
    EXPECT_EQ(allModels().front()->info().id, "sequential");
    EXPECT_EQ(allModels().back()->info().id, "rq");
}

} // namespace interleave::models
