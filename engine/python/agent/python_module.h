// SPDX-License-Identifier: GPL-3.0-or-later
// The module (program or shared library) that holds a CPython, as far as the GIL's recognition
// asks: its version, and what it says of its own GIL (_Py_DebugOffsets, from 3.13 on).
#pragma once

#include <cstdint>

namespace interleave::agent {

enum class LayoutCheck {
    Unknown, // it describes nothing, or in a way that is not known
    Agrees,
    Differs,
};

class PythonModule {
public:
    /// The module of a code address, if it is a Python's.
    bool find(const void* address);
    /// The one that the program is linked with, if it is.
    bool findLinked();

    const char* path() const { return m_path; }
    /// "3.11.2"
    const char* version() const { return m_version; }
    bool isBefore(int major, int minor) const;
    bool isInitialized() const;

    /// Whether the main interpreter's GIL has its word `locked` there. Sub-interpreters' are not
    /// looked for: Unknown.
    LayoutCheck checkGil(const int* locked);
    /// After checkGil(), which finds the description.
    bool isFreeThreaded() const { return m_isFreeThreaded; }
    bool isGilEnabled() const { return m_isGilEnabled; }

private:
    bool take(void* handle);

    char m_path[256] = "";
    char m_version[33] = "";
    int m_major = 0;
    int m_minor = 0;
    const unsigned char* m_runtime = nullptr; // _PyRuntime
    int (*m_isInitialized)() = nullptr;
    bool m_isFreeThreaded = false;
    bool m_isGilEnabled = true;
};

} // namespace interleave::agent
