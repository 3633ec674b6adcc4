// SPDX-License-Identifier: GPL-3.0-or-later
// Values as bytes and back: numbers little-endian and whole, texts and lists behind their length.
// One description of a struct's fields, describe(archive, value), serves both ways. The reader
// takes any bytes: what does not fit makes it fail, and it allocates no more than the bytes that
// are there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace interleave::broker {

using Bytes = std::vector<std::byte>;

class WireWriter {
public:
    explicit WireWriter(Bytes& out)
        : m_out(out) {}

    template <class... T>
    void operator()(const T&... values) {
        (write(values), ...);
    }

private:
    void raw(const void* data, std::size_t size) {
        const auto* bytes = static_cast<const std::byte*>(data);
        m_out.insert(m_out.end(), bytes, bytes + size);
    }
    void list(const void* data, std::size_t size) {
        write(static_cast<std::uint32_t>(size));
        raw(data, size);
    }
    void write(std::string_view text) { list(text.data(), text.size()); }
    void write(std::span<const std::byte> bytes) { list(bytes.data(), bytes.size()); }
    void write(const std::string& text) { write(std::string_view(text)); }
    void write(const Bytes& bytes) { write(std::span<const std::byte>(bytes)); }
    template <class T>
    void write(const std::optional<T>& value) {
        write(value.has_value());
        if (value) {
            write(*value);
        }
    }
    template <class T>
    void write(const std::vector<T>& values) {
        write(static_cast<std::uint32_t>(values.size()));
        for (const T& value : values) {
            write(value);
        }
    }
    template <class A, class B>
    void write(const std::pair<A, B>& value) {
        (*this)(value.first, value.second);
    }
    template <class... T>
    void write(const std::variant<T...>& value) {
        write(static_cast<std::uint8_t>(value.index()));
        std::visit([&](const auto& held) { write(held); }, value);
    }
    template <class T>
    void write(const T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
            raw(&value, sizeof value);
        } else {
            describe(*this, const_cast<T&>(value)); // only read by this archive
        }
    }

    Bytes& m_out;
};

class WireReader {
public:
    explicit WireReader(std::span<const std::byte> in)
        : m_in(in) {}

    bool isGood() const { return m_isGood; }
    bool isAtEnd() const { return m_in.empty(); }

    template <class... T>
    void operator()(T&... values) {
        (read(values), ...);
    }

private:
    std::span<const std::byte> take(std::size_t size) {
        if (size > m_in.size()) {
            m_isGood = false;
            m_in = {};
            return {};
        }
        const auto taken = m_in.first(size);
        m_in = m_in.subspan(size);
        return taken;
    }
    std::span<const std::byte> list() {
        std::uint32_t size = 0;
        read(size);
        return take(size);
    }
    void read(std::string& text) {
        const auto bytes = list();
        text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    void read(Bytes& value) {
        const auto bytes = list();
        value.assign(bytes.begin(), bytes.end());
    }
    template <class T>
    void read(std::optional<T>& value) {
        bool isThere = false;
        read(isThere);
        if (isThere) {
            read(value.emplace());
        }
    }
    template <class T>
    void read(std::vector<T>& values) {
        std::uint32_t count = 0;
        read(count);
        for (std::uint32_t i = 0; i < count && m_isGood; ++i) {
            read(values.emplace_back());
        }
    }
    template <class A, class B>
    void read(std::pair<A, B>& value) {
        (*this)(value.first, value.second);
    }
    template <class... T>
    void read(std::variant<T...>& value) {
        std::uint8_t index = 0;
        read(index);
        std::size_t i = 0;
        const bool isKnown =
            ((index == i++ ? (read(value.template emplace<T>()), true) : false) || ...);
        m_isGood = m_isGood && isKnown;
    }
    void read(bool& value) {
        std::uint8_t byte = 0;
        read(byte);
        m_isGood = m_isGood && byte <= 1;
        value = byte == 1;
    }
    template <class T>
    void read(T& value) {
        if constexpr (std::is_enum_v<T>) {
            std::underlying_type_t<T> number = 0;
            read(number);
            m_isGood = m_isGood && number >= 0 && number <= std::to_underlying(lastOf(T{}));
            value = m_isGood ? static_cast<T>(number) : T{};
        } else if constexpr (std::is_arithmetic_v<T>) {
            if (const auto bytes = take(sizeof value); !bytes.empty()) {
                std::memcpy(&value, bytes.data(), sizeof value);
            }
        } else {
            describe(*this, value);
        }
    }

    std::span<const std::byte> m_in;
    bool m_isGood = true;
};

} // namespace interleave::broker
