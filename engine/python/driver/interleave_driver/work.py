# SPDX-License-Identifier: GPL-3.0-or-later
# The work that compute steps do: fixed amounts, counted in units of each kernel. Without
# releases_gil it is pure Python (integers, primes) or library calls too short to let go of the
# interpreter lock (sha256, memory); with it, one long library call that does let go.
import zlib

_PIECE = 65536


def integers(units):
    value = 1
    for _ in range(units):
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
    return value


def primes(units):
    number, divisor, divisors = 1299709, 3, 0
    for _ in range(units):
        if number % divisor == 0:
            divisors += 1
        divisor += 2
        if divisor > 2300:
            divisor = 3
    return divisors


def sha256(units):
    from hashlib import sha256 as make
    digest = b"interleave" * 6
    for _ in range(units):
        digest = make(digest).digest()  # below the size from which hashlib lets go of the lock
    return digest


_BUFFER = 8 << 20
_buffer = None
_place = 0  # goes on from run to run, so that a short run meets as cold a memory as a long one


def set_up_memory():
    """Before the work is measured or done: pages that nobody has touched cost more."""
    global _buffer
    if _buffer is None:
        _buffer = memoryview(bytearray(b"\1") * _BUFFER)


def memory(units):
    global _place
    set_up_memory()
    view, at = _buffer, _place
    for _ in range(units):
        to = (at + 77 * _PIECE) % _BUFFER
        view[to:to + _PIECE] = view[at:at + _PIECE]
        at = to
    _place = at


def sha256_released(units):
    from hashlib import pbkdf2_hmac
    while units > 0:
        now = min(units, 1 << 30)
        pbkdf2_hmac("sha256", b"interleave", b"interleave", now)
        units -= now


def memory_released(units):
    set_up_memory()
    while units > 0:
        now = min(units, _BUFFER >> 12)
        zlib.crc32(_buffer[:now << 12])
        units -= now


KERNELS = {
    "integers": integers,
    "primes": primes,
    "sha256": sha256,
    "memory": memory,
    "sha256 released": sha256_released,
    "memory released": memory_released,
}


def kernel_of(action):
    """A key of KERNELS. What lets go of the lock is hashing, unless memory is asked for."""
    if not action.releases_gil:
        return action.kernel
    return "memory released" if action.kernel == "memory" else "sha256 released"


def compute(action):
    KERNELS[kernel_of(action)](action.units)
