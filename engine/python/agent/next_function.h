// SPDX-License-Identifier: GPL-3.0-or-later
// The function that a wrapper stands in front of. Found at its first call, because wrappers run
// before the agent's constructor does.
//
// pthread_cond_* exist twice in x86-64's libc, with different layouts: the version must be named.
// Architectures that came later have only one, under their own first version.
#pragma once

#include "engine/python/agent/system_calls.h"

#include <atomic>
#include <dlfcn.h>

#define INTERLEAVE_WRAPPER extern "C" __attribute__((visibility("default")))

namespace interleave::agent {

/// For use as a constinit global: `constinit NextFunction<int(sem_t*)> nextPost{"sem_post"};`
template <class Signature>
class NextFunction {
public:
    constexpr explicit NextFunction(const char* name, const char* version = nullptr)
        : m_name(name)
        , m_version(version) {}

    template <class... Arguments>
    auto operator()(Arguments... arguments) {
        return get()(arguments...);
    }
    Signature* get() {
        Signature* function = m_function.load(std::memory_order_relaxed);
        return function != nullptr ? function : find();
    }

private:
    [[gnu::noinline]] Signature* find() {
        const ErrnoGuard keep;
        void* found = nullptr;
        if (m_version != nullptr) {
            found = dlvsym(RTLD_NEXT, m_name, m_version);
        }
        if (found == nullptr) {
            found = dlsym(RTLD_NEXT, m_name);
        }
        const auto function = reinterpret_cast<Signature*>(found);
        m_function.store(function, std::memory_order_relaxed);
        return function;
    }

    const char* m_name;
    const char* m_version;
    std::atomic<Signature*> m_function = nullptr;
};

} // namespace interleave::agent
