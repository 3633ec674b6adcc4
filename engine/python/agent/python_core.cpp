// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/python_core.h"

#include "engine/python/agent/system_calls.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <dlfcn.h>
#include <link.h>

namespace interleave::agent {

namespace {

struct Module {
    std::atomic<std::uintptr_t> begin = 0;
    std::atomic<std::uintptr_t> end = 0;
    std::atomic<bool> isPython = false;
};
constexpr std::size_t kMaxModules = 16;
constinit Module modules[kMaxModules];
constinit std::atomic<std::size_t> reserved = 0;

struct Search {
    std::uintptr_t address;
    std::uintptr_t begin;
    std::uintptr_t end;
};

int findModule(dl_phdr_info* info, std::size_t, void* data) {
    Search& search = *static_cast<Search*>(data);
    std::uintptr_t begin = UINTPTR_MAX;
    std::uintptr_t end = 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        if (header.p_type == PT_LOAD) {
            const std::uintptr_t from = info->dlpi_addr + header.p_vaddr;
            begin = std::min(begin, from);
            end = std::max(end, from + header.p_memsz);
        }
    }
    if (search.address < begin || search.address >= end) {
        return 0;
    }
    search.begin = begin;
    search.end = end;
    return 1;
}

bool isWithin(const void* symbol, const Search& module) {
    const auto address = reinterpret_cast<std::uintptr_t>(symbol);
    return address >= module.begin && address < module.end;
}

bool exportsPython(const Search& module) {
    constexpr const char* kSymbol = "Py_GetVersion";
    if (isWithin(dlsym(RTLD_DEFAULT, kSymbol), module)) {
        return true;
    }
    // A library that was loaded without making its symbols global.
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(module.address), &info) == 0 || info.dli_fname == nullptr) {
        return false;
    }
    void* const handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == nullptr) {
        return false;
    }
    const bool isOurs = isWithin(dlsym(handle, kSymbol), module);
    dlclose(handle);
    return isOurs;
}

} // namespace

bool isPythonCore(const void* address) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    for (const Module& module : modules) {
        // `end` is stored last: 0 until the rest is there.
        if (wanted < module.end.load(std::memory_order_acquire) &&
            wanted >= module.begin.load(std::memory_order_relaxed)) {
            return module.isPython.load(std::memory_order_relaxed);
        }
    }
    const ErrnoGuard keep;
    Search search{wanted, 0, 0};
    if (dl_iterate_phdr(findModule, &search) == 0) {
        return false; // code that no file stands behind
    }
    const bool isPython = exportsPython(search);
    const std::size_t place = reserved.load(std::memory_order_relaxed) < kMaxModules
                                  ? reserved.fetch_add(1, std::memory_order_relaxed)
                                  : kMaxModules;
    if (place < kMaxModules) {
        modules[place].begin.store(search.begin, std::memory_order_relaxed);
        modules[place].isPython.store(isPython, std::memory_order_relaxed);
        modules[place].end.store(search.end, std::memory_order_release);
    }
    return isPython;
}

} // namespace interleave::agent
