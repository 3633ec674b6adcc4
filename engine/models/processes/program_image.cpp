// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/program_image.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <type_traits>
#include <unistd.h>

namespace interleave::models {

namespace {

constexpr std::uint64_t kMagic = 0x31676d4976724c49u;

// One description of the format serves both directions: transfer(archive, value) writes or reads,
// depending on the archive. Both ends are the same program, so plain values travel as they are.
class ImageWriter {
public:
    static constexpr bool kIsReading = false;
    void bytes(const void* data, std::size_t size) {
        m_bytes.append(static_cast<const char*>(data), size);
    }
    const std::string& result() const { return m_bytes; }

private:
    std::string m_bytes;
};

class ImageReader {
public:
    static constexpr bool kIsReading = true;
    explicit ImageReader(std::string_view bytes)
        : m_left(bytes) {}
    void bytes(void* data, std::size_t size) {
        if (size > m_left.size()) {
            m_isDamaged = true;
            return;
        }
        std::memcpy(data, m_left.data(), size);
        m_left.remove_prefix(size);
    }
    /// A count of items can't be larger than what is left, whatever the items are.
    bool isPlausible(std::uint64_t count) {
        m_isDamaged |= count > m_left.size();
        return !m_isDamaged;
    }
    bool isWhole() const { return !m_isDamaged && m_left.empty(); }

private:
    std::string_view m_left;
    bool m_isDamaged = false;
};

template <class Archive, class T>
requires std::is_trivially_copyable_v<T>
void transfer(Archive& archive, T& value) {
    archive.bytes(&value, sizeof value);
}

template <class Archive>
void transfer(Archive& archive, std::vector<bool>& values) {
    std::uint64_t count = values.size();
    transfer(archive, count);
    if constexpr (Archive::kIsReading) {
        values.assign(archive.isPlausible(count) ? count : 0, false);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        bool value = values[i];
        transfer(archive, value);
        values[i] = value;
    }
}

template <class Archive, class Sequence>
void transferSequence(Archive& archive, Sequence& values) {
    std::uint64_t count = values.size();
    transfer(archive, count);
    if constexpr (Archive::kIsReading) {
        values.resize(archive.isPlausible(count) ? count : 0);
    }
    for (auto& value : values) {
        transfer(archive, value);
    }
}

template <class Archive>
void transfer(Archive& archive, std::string& text) {
    transferSequence(archive, text);
}

template <class Archive>
void transfer(Archive& archive, scenario::Action& action) {
    transfer(archive, action.kind);
    transfer(archive, action.step);
    transfer(archive, action.durationNs);
    transfer(archive, action.kernel);
    transfer(archive, action.releasesGil);
    transfer(archive, action.isBlocking);
    transfer(archive, action.bytes);
    transfer(archive, action.object);
    transferSequence(archive, action.tasks);
    transfer(archive, action.strikes);
}

template <class Archive>
void transfer(Archive& archive, scenario::Task& task) {
    transfer(archive, task.id);
    transfer(archive, task.name);
    transfer(archive, task.parent);
    transfer(archive, task.payloadBytes);
    transfer(archive, task.resultBytes);
    transfer(archive, task.retries);
    transfer(archive, task.retryDelayNs);
    transferSequence(archive, task.retryDelays);
    transferSequence(archive, task.actions);
}

template <class Archive>
void transfer(Archive& archive, scenario::Object& object) {
    transfer(archive, object.id);
    transfer(archive, object.kind);
    transfer(archive, object.name);
    transfer(archive, object.capacity);
}

template <class Archive>
void transfer(Archive& archive, WorkerSettings& settings) {
    std::uint64_t magic = kMagic;
    transfer(archive, magic);
    transfer(archive, settings.program.seed);
    transferSequence(archive, settings.program.tasks);
    transferSequence(archive, settings.program.objects);
    transfer(archive, settings.speed);
    transfer(archive, settings.loopback);
    transfer(archive, settings.firstExtraStep);
    transfer(archive, settings.sessionFolder);
}

std::unexpected<Error> imageError(const char* what) {
    return fail(fmt::format("The program can't be handed to spawned worker processes: {} failed "
                            "({}). There may be too little memory; start=fork needs less.",
                            what, std::strerror(errno)),
                ErrorKind::MissingPart);
}

} // namespace

Result<int> writeProgramImage(const RunContext& context) {
    WorkerSettings settings{context.program, context.speed, context.loopback,
                            context.firstExtraStep, context.session.folder().string()};
    ImageWriter writer;
    transfer(writer, settings);
    const int fd = memfd_create("interleave-program", MFD_CLOEXEC);
    if (fd < 0) {
        return imageError("memfd_create");
    }
    std::string_view left = writer.result();
    while (!left.empty()) {
        const ssize_t written = write(fd, left.data(), left.size());
        if (written < 0 && errno != EINTR) {
            const auto error = imageError("write");
            close(fd);
            return error;
        }
        left.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return fd;
}

Result<WorkerSettings> readProgramImage(int fd) {
    struct stat status {};
    if (fstat(fd, &status) != 0) {
        return imageError("fstat");
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped == MAP_FAILED) {
        return imageError("mmap");
    }
    ImageReader reader(std::string_view(static_cast<const char*>(mapped), size));
    WorkerSettings settings;
    transfer(reader, settings);
    munmap(mapped, size);
    if (!reader.isWhole()) {
        return fail("A worker process got a damaged program; this is a fault of this program.");
    }
    return settings;
}

} // namespace interleave::models
