// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/message.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace interleave::models {

namespace {

/// Steele, Lea and Flood's SplitMix64: one word of payload after the other.
/// Source: "Fast splittable pseudorandom number generators", OOPSLA 2014.
std::uint64_t nextWord(std::uint64_t& state) {
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Depends on the order of the words, so that exchanged blocks are noticed too.
std::uint64_t mix(std::uint64_t sum, std::uint64_t word) {
    sum = (sum << 5 | sum >> 59) ^ word;
    return sum * 0x100000001b3u;
}

/// Calls body(pointer to a word or less, its size) over the payload.
template <class Byte, class Body>
void forEachWord(std::span<Byte> payload, Body&& body) {
    for (std::size_t at = 0; at < payload.size(); at += sizeof(std::uint64_t)) {
        body(payload.data() + at, std::min(payload.size() - at, sizeof(std::uint64_t)));
    }
}

PipeOutcome waitFor(int fd, short events, int stopFd) {
    pollfd fds[] = {{fd, events, 0}, {stopFd, POLLIN, 0}};
    while (poll(fds, 2, -1) < 0) {
        if (errno != EINTR) {
            return PipeOutcome::Closed;
        }
    }
    return fds[1].revents != 0 ? PipeOutcome::Stopped : PipeOutcome::Whole;
}

template <class Transfer>
PipeOutcome transferWhole(int fd, std::size_t size, short events, int stopFd, Transfer&& transfer) {
    std::size_t done = 0;
    while (done < size) {
        // A pipe that is ready takes or gives something without blocking; whatever the run's end
        // finds half sent is thrown away with the worker.
        if (const PipeOutcome outcome = waitFor(fd, events, stopFd);
            outcome != PipeOutcome::Whole) {
            return outcome;
        }
        const ssize_t moved = transfer(done);
        if (moved == 0 || (moved < 0 && errno != EINTR && errno != EAGAIN)) {
            return PipeOutcome::Closed;
        }
        done += moved > 0 ? static_cast<std::size_t>(moved) : 0;
    }
    return PipeOutcome::Whole;
}

} // namespace

std::uint64_t fillPayload(std::span<std::byte> payload, std::uint64_t seed) {
    std::uint64_t state = seed;
    std::uint64_t sum = payload.size();
    forEachWord(payload, [&](std::byte* at, std::size_t size) {
        std::uint64_t word = nextWord(state);
        if (size < sizeof word) {
            word &= (std::uint64_t{1} << 8 * size) - 1;
        }
        std::memcpy(at, &word, size);
        sum = mix(sum, word);
    });
    return sum;
}

std::uint64_t checksumOf(std::span<const std::byte> payload) {
    std::uint64_t sum = payload.size();
    forEachWord(payload, [&](const std::byte* at, std::size_t size) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, size);
        sum = mix(sum, word);
    });
    return sum;
}

std::vector<std::byte> packMessage(Message header, std::uint64_t payloadBytes) {
    std::vector<std::byte> packed(sizeof header + payloadBytes);
    header.bytes = payloadBytes;
    header.checksum = fillPayload(std::span(packed).subspan(sizeof header), header.task.value);
    std::memcpy(packed.data(), &header, sizeof header);
    return packed;
}

PipeOutcome readWhole(int fd, std::span<std::byte> bytes, int stopFd) {
    return transferWhole(fd, bytes.size(), POLLIN, stopFd, [&](std::size_t done) {
        return read(fd, bytes.data() + done, bytes.size() - done);
    });
}

PipeOutcome writeWhole(int fd, std::span<const std::byte> bytes, int stopFd) {
    return transferWhole(fd, bytes.size(), POLLOUT, stopFd, [&](std::size_t done) {
        return write(fd, bytes.data() + done, bytes.size() - done);
    });
}

} // namespace interleave::models
