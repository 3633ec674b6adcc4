// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds arbitrary bytes to the segment reader as a file, cuts the file under its hands, and reads
// again. Nothing may crash, hang or come out with impossible values.
#include "tests/engine/record/segment_fuzz.h"

#include "engine/record/segment_format.h"
#include "engine/record/segment_reader.h"

#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace interleave::record;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int fd = memfd_create("segment", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != static_cast<ssize_t>(size)) {
        close(fd);
        return 0;
    }
    auto reader = SegmentReader::open("/proc/self/fd/" + std::to_string(fd));
    if (reader) {
        std::size_t seen = 0;
        const auto sink = [&](const StreamHeader& stream, std::span<const Event> events) {
            if (stream.id == 0 || stream.id > reader->streams().size() ||
                stream.info.role > StreamRole::Sampler ||
                stream.info.clock > ClockKind::Monotonic || stream.info.name.size() > 64) {
                std::abort();
            }
            for (const Event& event : events) {
                seen += event.stamp() != 0 || event.kind() != EventKind::None;
            }
        };
        reader->poll(sink);
        if (ftruncate(fd, static_cast<off_t>(size / 2)) == 0) {
            reader->poll(sink);
        }
        if (seen * sizeof(Event) > 2 * size) { // nothing is delivered twice
            std::abort();
        }
    }
    close(fd);
    return 0;
}
