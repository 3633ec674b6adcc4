// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/python_core.h"

#include "engine/python/agent/system_calls.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <link.h>

namespace interleave::agent {

namespace {

enum class Part : std::uint8_t { None, Core, Extension };

struct Module {
    std::atomic<std::uintptr_t> begin = 0;
    std::atomic<std::uintptr_t> end = 0;
    std::atomic<Part> part = Part::None;
};
constexpr std::size_t kMaxModules = 64;
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

/// "PyInit_" and the name of the file up to its first dot.
void initFunctionOf(const char* path, char (&name)[128]) {
    const char* const slash = std::strrchr(path, '/');
    const char* const file = slash == nullptr ? path : slash + 1;
    std::snprintf(name, sizeof name, "PyInit_%.*s", static_cast<int>(std::strcspn(file, ".")),
                  file);
}

Part partOf(const Search& module) {
    constexpr const char* kSymbol = "Py_GetVersion";
    if (isWithin(dlsym(RTLD_DEFAULT, kSymbol), module)) {
        return Part::Core;
    }
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(module.address), &info) == 0 || info.dli_fname == nullptr) {
        return Part::None;
    }
    void* const handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == nullptr) {
        return Part::None;
    }
    Part part = Part::None;
    char init[128];
    initFunctionOf(info.dli_fname, init);
    if (isWithin(dlsym(handle, kSymbol), module)) {
        part = Part::Core; // loaded without making its symbols global
    } else if (isWithin(dlsym(handle, init), module)) {
        part = Part::Extension;
    }
    dlclose(handle);
    return part;
}

Part partAt(const void* address) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    for (const Module& module : modules) {
        // `end` is stored last: 0 until the rest is there.
        if (wanted < module.end.load(std::memory_order_acquire) &&
            wanted >= module.begin.load(std::memory_order_relaxed)) {
            return module.part.load(std::memory_order_relaxed);
        }
    }
    const ErrnoGuard keep;
    Search search{wanted, 0, 0};
    if (dl_iterate_phdr(findModule, &search) == 0) {
        return Part::None; // code that no file stands behind
    }
    const Part part = partOf(search);
    const std::size_t place = reserved.load(std::memory_order_relaxed) < kMaxModules
                                  ? reserved.fetch_add(1, std::memory_order_relaxed)
                                  : kMaxModules;
    if (place < kMaxModules) {
        modules[place].begin.store(search.begin, std::memory_order_relaxed);
        modules[place].part.store(part, std::memory_order_relaxed);
        modules[place].end.store(search.end, std::memory_order_release);
    }
    return part;
}

} // namespace

bool isPythonCore(const void* address) {
    return partAt(address) == Part::Core;
}

bool isPythonCode(const void* address) {
    return partAt(address) != Part::None;
}

} // namespace interleave::agent
