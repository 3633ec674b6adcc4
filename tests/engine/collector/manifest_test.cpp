// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/manifest.h"

#include "engine/collector/session_diagnostics.h"
#include "tests/engine/collector/session_text.h"

#include <gmock/gmock.h>

namespace interleave::collector {
namespace {

using testing::HasSubstr;

TEST(Manifest, ComesBackFromItsText) {
    Manifest manifest = kitchen();
    manifest.info.seed = 0xffff'ffff'ffff'ffffu;
    manifest.info.about = "quotes \" and umlauts ä";
    const auto back = parseManifest(toJson(manifest));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(toJson(*back), toJson(manifest));
    EXPECT_EQ(back->info.seed, manifest.info.seed);
    EXPECT_EQ(back->objects[2].capacity, 2u);
    EXPECT_EQ(back->info.parameters, manifest.info.parameters);
    EXPECT_EQ(back->bindings, manifest.bindings);
    ASSERT_EQ(back->bindings.size(), 1u);
    EXPECT_EQ(back->bindings[0].key, "dish.#");
}

TEST(Manifest, BindsExchangesToQueuesOnly) {
    Manifest manifest = kitchen();
    manifest.bindings.push_back({7, 1, "a lock"});
    EXPECT_THAT(parseManifest(toJson(manifest)).error().message, HasSubstr("\"bindings\""));
    manifest.bindings.back() = {7, 99, "nothing"};
    EXPECT_FALSE(parseManifest(toJson(manifest)));
    std::string text = toJson(kitchen()); // of a version that knew no bindings
    const std::size_t at = text.find("\"bindings\":");
    text.erase(at, text.find("\"steps\"") - at);
    const auto older = parseManifest(text);
    ASSERT_TRUE(older) << older.error().message;
    EXPECT_TRUE(older->bindings.empty());
}

TEST(Manifest, SaysWhatIsWrongWithADamagedText) {
    EXPECT_THAT(parseManifest("").error().message, HasSubstr("not JSON"));
    EXPECT_THAT(parseManifest(R"({"version":1})").error().message, HasSubstr("\"info\""));
    EXPECT_THAT(parseManifest(R"({"version":99})").error().message, HasSubstr("version 99"));
    std::string text = toJson(kitchen());
    text.replace(text.find("\"capacity\":1"), 12, "\"capacity\":-");
    EXPECT_FALSE(parseManifest(text));
}

TEST(Manifest, NeverCrashesOnCutText) {
    const std::string text = toJson(kitchen());
    for (std::size_t length = 0; length + 2 < text.size(); ++length) {
        EXPECT_FALSE(parseManifest(std::string_view(text).substr(0, length)));
    }
}

TEST(Diagnostics, AreReadLineByLineAndCutLinesPassedOver) {
    const auto diagnostics = parseDiagnostics(
        "{\"kind\":\"deadlock\",\"severity\":\"warning\",\"count\":1,\"message\":\"a waits\"}\n"
        "garbage\n{\"kind\":\"cut\",\"sev");
    ASSERT_EQ(diagnostics.size(), 1u);
    EXPECT_EQ(diagnostics[0].kind, "deadlock");
    EXPECT_EQ(diagnostics[0].severity, recording::Severity::Warning);
    EXPECT_EQ(diagnostics[0].message, "a waits");
}

} // namespace
} // namespace interleave::collector
