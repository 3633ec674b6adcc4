// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a caller is the Python interpreter itself: its executable where it is linked in, else its
// shared library. Other libraries that it uses (OpenSSL, SQLite) are not.
#pragma once

namespace interleave::agent {

/// Whether an address is of code of the module that has the interpreter. Known modules take some
/// comparisons; others are looked up in the dynamic linker, once each.
bool isPythonCore(const void* address);

/// The same for the interpreter and its extension modules: code that releases the GIL for one call
/// and takes it right after.
bool isPythonCode(const void* address);

} // namespace interleave::agent
