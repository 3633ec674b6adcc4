// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever bytes come through a memory broker's socket, and whatever stands in a broker's URL: the
// parsers end, what they accept they write again the same, and no password is ever said.
#include "engine/base/check.h"
#include "engine/broker/broker_url.h"
#include "engine/broker/memory_channel.h"
#include "engine/broker/wire.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace interleave::broker {

namespace {

/// What is written of a parsed value is parsed to the same bytes again.
template <class T>
void checkRoundTrip(const std::optional<T>& value, std::span<const std::byte> frame) {
    if (value) {
        std::vector<std::byte> written;
        write(written, *value);
        CHECK(std::ranges::equal(std::span(written).subspan(sizeof(std::uint32_t)), frame));
    }
}

void readFrames(std::span<const std::byte> bytes) {
    FrameReader reader;
    while (!bytes.empty()) {
        const std::span<std::byte> space = reader.space();
        // In pieces, so that frames are cut anywhere.
        const std::size_t count = std::min({bytes.size(), space.size(), std::size_t{7}});
        std::ranges::copy(bytes.first(count), space.begin());
        reader.added(count);
        bytes = bytes.subspan(count);
        while (const auto frame = reader.next()) {
            checkRoundTrip(parseRequest(*frame), *frame);
            checkRoundTrip(parseAnswer(*frame), *frame);
        }
    }
}

void readUrl(const std::string& text) {
    const std::string url = "amqp://user:s3cret-" + text;
    const auto parsed = parseBrokerUrl(url);
    CHECK(parsed || (!parsed.error().message.empty() && parsed.error().message.back() == '.'));
    if (text.find('@') != std::string::npos) {
        CHECK(withoutPassword(url).find("s3cret-") == std::string::npos);
        CHECK(parsed || parsed.error().message.find("s3cret-") == std::string::npos);
    }
    static_cast<void>(parseBrokerUrl(text));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    readFrames(std::as_bytes(std::span(data, size)));
    readUrl(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}

} // namespace interleave::broker
