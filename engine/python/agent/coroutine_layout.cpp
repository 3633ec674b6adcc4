// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/coroutine_layout.h"

#include <bit>

namespace interleave::agent {

void CoroutineLayout::begin(std::size_t words) {
    const std::size_t count = words < kMostWords ? words : kMostWords;
    m_maybeCode = count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    m_maybeCode &= ~std::uint64_t{3}; // the head of an object is two words at least
    m_maybeInstruction = m_maybeCode;
}

void CoroutineLayout::learn(const PyObject* object, const PyObject* code, std::int32_t instruction,
                            std::size_t objectBytes, std::size_t codeBytes) {
    if (m_observations == 0) {
        begin(objectBytes / sizeof(std::uintptr_t));
        m_firstCode = code;
        m_firstInstruction = instruction;
    }
    m_hasSeenCodes = m_hasSeenCodes || code != m_firstCode;
    m_hasSeenInstructions = m_hasSeenInstructions || instruction != m_firstInstruction;
    const auto codeAddress = reinterpret_cast<std::uintptr_t>(code);
    for (std::size_t i = 0; i < kMostWords; ++i) {
        const std::uint64_t bit = std::uint64_t{1} << i;
        if (((m_maybeCode | m_maybeInstruction) & bit) == 0) {
            continue;
        }
        const std::uintptr_t word = wordAt(object, i);
        if ((word & ~kTags) != codeAddress) {
            m_maybeCode &= ~bit;
        }
        if (word <= codeAddress || word - codeAddress >= codeBytes) {
            m_maybeInstruction &= ~bit;
            continue;
        }
        const std::int32_t distance = static_cast<std::int32_t>(word - codeAddress) - instruction;
        if ((m_isDistanceSet & bit) == 0) {
            m_isDistanceSet |= bit;
            m_distances[i] = distance;
        } else if (m_distances[i] != distance) {
            m_maybeInstruction &= ~bit;
        }
    }
    if (++m_observations == kObservations) {
        conclude();
    }
}

void CoroutineLayout::learnBy(const CoroutineLayout& other, const PyObject* object,
                              const PyObject* code, std::int32_t instruction) {
    const bool agrees =
        other.codeOf(object) == code &&
        (!other.knowsInstruction() || other.instructionOf(object, code) == instruction);
    if (!agrees) {
        m_observations = kObservations; // it is another: the attributes for ever
    } else if (++m_agreements == kAgreements) {
        *this = other;
    }
}

/// A word that was right with different values is known. The code may be there twice (3.11), the
/// instruction may not.
void CoroutineLayout::conclude() {
    if ((!m_hasSeenInstructions && m_maybeInstruction != 0) ||
        (!m_hasSeenCodes && m_maybeCode != 0)) {
        m_observations = kObservations - 1; // of one place only: nothing is proved
        m_pause = kPause;
        return;
    }
    if (m_maybeCode != 0) {
        m_code = static_cast<std::size_t>(std::countr_zero(m_maybeCode));
        if (std::has_single_bit(m_maybeInstruction)) {
            m_instruction = static_cast<std::size_t>(std::countr_zero(m_maybeInstruction));
            m_distance = m_distances[m_instruction];
        }
    }
}

} // namespace interleave::agent
