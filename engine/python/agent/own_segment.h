// SPDX-License-Identifier: GPL-3.0-or-later
// This process' segment file: the format of engine/record/segment_format.h, written without the
// C++ library and without trust in the program around it:
// - No file descriptor stays open, since programs close them by ranges and reuse the numbers: the
//   path is opened anew to grow.
// - Disk space is reserved before a chunk is handed out, so a full disk is a refused chunk and
//   never a SIGBUS. It grows by pieces of 16 KiB, later 256 KiB, out of a budget that all
//   processes of the session share.
// - The file is mapped by windows, so that a program with little address space keeps it.
//
// Any thread. Chunks are taken by compare-and-swap; only a piece's or a stream's making takes a
// ShortLock.
#pragma once

#include "engine/record/segment_format.h"

#include <cstdint>

namespace interleave::agent {

/// Makes "<folder>/<pid>.seg" ("<pid>-2.seg" where the pid has been there before), with the origin
/// and the clock of the runner's header. One thread at a time.
bool openSegment(const char* folder, std::uint32_t pid, const record::SegmentHeader& runner,
                 record::WriterKind kind, const char* processName);
/// In a forked child: the segment is the parent's, this process has none.
void leaveSegment();

/// False where takeChunk() would refuse for sure: a look at memory, for threads that drop event
/// after event.
bool mayHaveSpace();
/// A chunk with disk space behind it, zeroed; null when there is none.
record::EventChunk* takeChunk();
/// There is no number left for a thread more.
bool streamTableIsFull();
/// Publishes a stream; null when there is no space for it. `id` becomes its id.
record::StreamEntry* addStream(std::uint32_t tid, record::ClockKind clock, const char* name,
                               std::uint32_t& id);
void countDropped(std::uint64_t events);
/// Marks that the last writer has gone.
void closeSegment();

} // namespace interleave::agent
