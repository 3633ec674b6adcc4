// SPDX-License-Identifier: GPL-3.0-or-later
// Where coroutines keep their code and where they are in it, found by looking.
//
// Their attributes cr_code and cr_frame tell it, too, but each reading is an audit event: 100 ns
// and more, and a program that listens to audit events would hear us. So the first readings compare
// the attributes with the words of the object. A word that has been the code each time, and one
// that has been at the same distance from the current instruction each time, are read from then on.
// Where there is no such word (before 3.11 the instruction is in a frame of its own), the
// attributes are asked for ever.
#pragma once

#include "engine/python/agent/python_api.h"

#include <cstddef>
#include <cstdint>

namespace interleave::agent {

class CoroutineLayout {
public:
    /// Whether learn() is worth its cost now. After a round that proved nothing (a program with one
    /// coroutine that waits at one place) only now and then.
    bool isLearning() {
        if (m_pause > 0) [[unlikely]] {
            --m_pause;
            return false;
        }
        return m_observations < kObservations;
    }
    /// A suspended one, what its attributes say, and how large it and its code are at least.
    void learn(const PyObject* object, const PyObject* code, std::int32_t instruction,
               std::size_t objectBytes, std::size_t codeBytes);

    /// For a kind of object that may be laid out as another whose layout is known: takes that one
    /// after it has been right some times.
    void learnBy(const CoroutineLayout& other, const PyObject* object, const PyObject* code,
                 std::int32_t instruction);

    bool knowsCode() const { return m_code != 0; }
    /// Borrowed; null where it isn't known how.
    PyObject* codeOf(const PyObject* object) const {
        return m_code == 0 ? nullptr : reinterpret_cast<PyObject*>(wordAt(object, m_code) & ~kTags);
    }
    bool knowsInstruction() const { return m_instruction != 0; }
    /// As PyFrame_GetLasti() says it.
    std::int32_t instructionOf(const PyObject* object, const PyObject* code) const {
        return static_cast<std::int32_t>(static_cast<std::intptr_t>(
                   wordAt(object, m_instruction) - reinterpret_cast<std::uintptr_t>(code))) -
               m_distance;
    }

private:
    static constexpr int kObservations = 48;
    static constexpr int kAgreements = 16;
    static constexpr int kPause = 256;
    static constexpr std::size_t kMostWords = 64;
    static constexpr std::uintptr_t kTags = 7; // 3.14 marks pointers in their low bits

    static std::uintptr_t wordAt(const PyObject* object, std::size_t index) {
        return reinterpret_cast<const std::uintptr_t*>(object)[index];
    }
    void begin(std::size_t words);
    void conclude();

    // What is possible still, one bit for each word.
    std::uint64_t m_maybeCode = 0, m_maybeInstruction = 0;
    std::int32_t m_distances[kMostWords] = {}; // of possible instructions from the code's address
    std::uint64_t m_isDistanceSet = 0;
    const PyObject* m_firstCode = nullptr;
    std::int32_t m_firstInstruction = 0;
    bool m_hasSeenCodes = false, m_hasSeenInstructions = false; // more than one
    int m_observations = 0;
    int m_agreements = 0;
    int m_pause = 0;

    std::size_t m_code = 0; // index of a word; 0: not known
    std::size_t m_instruction = 0;
    std::int32_t m_distance = 0;
};

} // namespace interleave::agent
