// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/python_module.h"

#include "engine/python/agent/system_calls.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

namespace interleave::agent {

namespace {

/// Words of _Py_DebugOffsets. 3.14 has one more (threads_main) before those of the GIL.
enum Word {
    Cookie,
    Version,
    FreeThreaded,
    InterpretersHead = 5,
    GilEnabled = 16,
    GilLocked = 17,
};

std::uint64_t wordAt(const unsigned char* address) {
    std::uint64_t word = 0;
    std::memcpy(&word, address, sizeof word);
    return word;
}

} // namespace

bool PythonModule::take(void* handle) {
    using GetVersion = const char* (*)();
    const auto getVersion = reinterpret_cast<GetVersion>(dlsym(handle, "Py_GetVersion"));
    if (getVersion == nullptr) {
        return false;
    }
    const char* const version = getVersion(); // a constant text; needs no interpreter
    const std::size_t length = std::strcspn(version, " ");
    if (length == 0 || length >= sizeof m_version) {
        return false;
    }
    std::memcpy(m_version, version, length);
    m_version[length] = 0;
    char* rest = nullptr;
    m_major = static_cast<int>(std::strtol(m_version, &rest, 10));
    m_minor = *rest == '.' ? static_cast<int>(std::strtol(rest + 1, nullptr, 10)) : 0;
    m_runtime = static_cast<const unsigned char*>(dlsym(handle, "_PyRuntime"));
    m_isInitialized = reinterpret_cast<int (*)()>(dlsym(handle, "Py_IsInitialized"));
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(getVersion), &info) != 0 && info.dli_fname != nullptr) {
        std::strncpy(m_path, info.dli_fname, sizeof m_path - 1);
    }
    return true;
}

bool PythonModule::find(const void* address) {
    const ErrnoGuard keep;
    Dl_info of{};
    Dl_info linked{};
    if (dladdr(address, &of) == 0) {
        return false;
    }
    void* const getVersion = dlsym(RTLD_DEFAULT, "Py_GetVersion");
    if (getVersion != nullptr && dladdr(getVersion, &linked) != 0 &&
        linked.dli_fbase == of.dli_fbase) {
        return take(RTLD_DEFAULT);
    }
    // A libpython that was loaded for itself.
    void* const handle = dlopen(of.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == nullptr) {
        return false;
    }
    const bool isPython = take(handle);
    dlclose(handle);
    return isPython;
}

bool PythonModule::findLinked() {
    const ErrnoGuard keep;
    return take(RTLD_DEFAULT);
}

bool PythonModule::isBefore(int major, int minor) const {
    return m_major < major || (m_major == major && m_minor < minor);
}

bool PythonModule::isInitialized() const {
    return m_isInitialized != nullptr && m_isInitialized() != 0;
}

LayoutCheck PythonModule::checkGil(const int* locked) {
    if (m_runtime == nullptr || isBefore(3, 13) || !isBefore(3, 16) ||
        std::memcmp(m_runtime, "xdebugpy", 8) != 0) {
        return LayoutCheck::Unknown;
    }
    const auto word = [this](int index) {
        return wordAt(m_runtime + static_cast<std::size_t>(index) * 8);
    };
    const std::uint64_t described = word(Version) >> 16; // 0x030d
    const auto running =
        static_cast<std::uint64_t>(m_major) << 8 | static_cast<std::uint64_t>(m_minor);
    if (described != running) {
        return LayoutCheck::Unknown;
    }
    const int shift = isBefore(3, 14) ? 0 : 1;
    m_isFreeThreaded = word(FreeThreaded) != 0;
    const auto interpreter = wordAt(m_runtime + word(InterpretersHead));
    if (interpreter == 0) {
        return LayoutCheck::Unknown;
    }
    const std::uint64_t offset = word(GilLocked + shift);
    const auto address = reinterpret_cast<std::uint64_t>(locked);
    // The newest interpreter is the first of the list: of the main one's GIL it is its own.
    if (address - interpreter > word(6)) {
        return LayoutCheck::Unknown; // another interpreter's
    }
    if (m_isFreeThreaded) {
        const std::uint64_t enabled = word(GilEnabled + shift);
        int value = 0;
        if (enabled < word(6)) {
            std::memcpy(&value, reinterpret_cast<const void*>(interpreter + enabled), sizeof value);
            m_isGilEnabled = value != 0;
        }
    }
    return address - interpreter == offset ? LayoutCheck::Agrees : LayoutCheck::Differs;
}

} // namespace interleave::agent
