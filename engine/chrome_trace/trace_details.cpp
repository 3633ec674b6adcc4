// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_details.h"

#include "engine/chrome_trace/event_reader.h"
#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace interleave::chrome_trace {

namespace {

constexpr std::size_t kFirstRead = 4096;
constexpr std::size_t kLongestEvent = std::size_t{64} << 20;

/// Size and last change of an open file.
bool describe(int fd, std::uint64_t& size, std::int64_t& changedNs) {
    struct stat status {};
    if (fd < 0 || ::fstat(fd, &status) != 0) {
        return false;
    }
    size = static_cast<std::uint64_t>(status.st_size);
    changedNs = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
    return true;
}

/// {"a":1} and {"b":2} as {"a":1,"b":2}.
std::string merged(const std::string& first, const std::string& second) {
    if (!first.ends_with('}') || !second.starts_with('{')) {
        return first;
    }
    return first.substr(0, first.size() - 1) + "," + second.substr(1);
}

} // namespace

TraceDetails::TraceDetails(DetailPairs pairs)
    : m_pairs(std::move(pairs)) {
    std::ranges::sort(m_pairs);
    m_pairs.shrink_to_fit();
}

TraceDetails::~TraceDetails() {
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

std::shared_ptr<const TraceDetails> TraceDetails::ofFile(const std::filesystem::path& file,
                                                         DetailPairs pairs) {
    std::shared_ptr<TraceDetails> details(new TraceDetails(std::move(pairs)));
    details->m_fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    describe(details->m_fd, details->m_fileSize, details->m_changedNs);
    return details;
}

std::shared_ptr<const TraceDetails> TraceDetails::ofText(std::shared_ptr<const TraceText> text,
                                                         DetailPairs pairs) {
    std::shared_ptr<TraceDetails> details(new TraceDetails(std::move(pairs)));
    details->m_text = std::move(text);
    return details;
}

bool TraceDetails::isUnchanged() const {
    std::uint64_t size = 0;
    std::int64_t changedNs = 0;
    return describe(m_fd, size, changedNs) && size == m_fileSize && changedNs == m_changedNs;
}

std::string TraceDetails::readAt(std::uint64_t offset, std::size_t size) const {
    if (m_text) {
        return std::string(
            m_text->text().substr(std::min<std::size_t>(offset, m_text->text().size()), size));
    }
    std::string bytes(size, '\0');
    const ssize_t count = ::pread(m_fd, bytes.data(), size, static_cast<off_t>(offset));
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return bytes;
}

std::string TraceDetails::event(std::uint64_t key) const {
    if (key == 0 || (!m_text && !isUnchanged())) {
        return {};
    }
    for (std::size_t size = kFirstRead; size <= kLongestEvent; size *= 4) {
        std::string bytes = readAt(key, size);
        const std::size_t count = bytes.size();
        bytes.append(kScanPadding, '\0');
        if (bytes.front() != '{') {
            return {};
        }
        if (const char* end = nestedEnd(bytes.data(), bytes.data() + count); end != nullptr) {
            return bytes.substr(0, static_cast<std::size_t>(end - bytes.data()));
        }
        if (count < size) {
            return {};
        }
    }
    return {};
}

std::string TraceDetails::argsAt(std::uint64_t offset) const {
    std::string json = event(offset);
    const std::size_t size = json.size();
    json.append(kScanPadding, '\0');
    EventReader reader;
    Event event;
    if (size == 0 || reader.read(json.data(), json.data() + size, event) != ReadResult::Event ||
        !event.has(Event::Args)) {
        return {};
    }
    return std::string(event.args);
}

std::string TraceDetails::text(std::uint64_t key) const {
    std::string args = argsAt(key);
    const auto pair = std::ranges::lower_bound(m_pairs, key, {}, &DetailPairs::value_type::first);
    if (pair != m_pairs.end() && pair->first == key) {
        args = merged(args, argsAt(pair->second));
    }
    return args;
}

} // namespace interleave::chrome_trace
