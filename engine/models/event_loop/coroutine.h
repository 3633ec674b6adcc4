// SPDX-License-Identifier: GPL-3.0-or-later
// Coroutine<T>: a lazy coroutine that is either resumed by the loop (a task) or awaited by another
// coroutine (a part of a task). A switch is one indirect jump; Asio's own coroutines cost fifty
// times as much a switch, so Asio is used for sockets and timers only.
//
// The owner of the object owns the frame; destroying it destroys a suspended coroutine with
// everything it holds.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace interleave::models {

template <class T>
class [[nodiscard]] Coroutine {
public:
    struct promise_type {
        std::optional<T> value;
        std::coroutine_handle<> continuation = std::noop_coroutine();

        struct FinalAwaiter {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<>
            await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
                return ended.promise().continuation;
            }
            void await_resume() noexcept {}
        };

        Coroutine get_return_object() {
            return Coroutine(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        FinalAwaiter final_suspend() noexcept { return {}; }
        void return_value(T result) { value.emplace(std::move(result)); }
        void unhandled_exception() { std::terminate(); } // nothing in a task throws
    };

    Coroutine() = default;
    Coroutine(Coroutine&& other) noexcept
        : m_handle(std::exchange(other.m_handle, {})) {}
    Coroutine& operator=(Coroutine&& other) noexcept {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Coroutine() {
        if (m_handle) {
            m_handle.destroy();
        }
    }

    std::coroutine_handle<> handle() const { return m_handle; }
    bool isDone() const { return m_handle && m_handle.done(); }
    const T& value() const { return *m_handle.promise().value; }

    // As a part of another coroutine: `co_await part` runs it to its end.
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
        m_handle.promise().continuation = caller;
        return m_handle;
    }
    T await_resume() { return std::move(*m_handle.promise().value); }

private:
    explicit Coroutine(std::coroutine_handle<promise_type> handle)
        : m_handle(handle) {}

    std::coroutine_handle<promise_type> m_handle;
};

} // namespace interleave::models
