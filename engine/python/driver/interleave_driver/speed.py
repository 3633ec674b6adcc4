# SPDX-License-Identifier: GPL-3.0-or-later
# Calibration: how many units of each kernel this interpreter does in a second of CPU time on this
# processor. Measured once, in a process of its own that nobody records, as the best of many short
# repeats by the thread's CPU clock; kept in a cache file. Another process may do the same at the
# same time: each writes a file of its own and renames it.
import hashlib
import json
import os
import subprocess
import sys
import time

from . import work
from .names import COMPUTE

_VERSION = 2
_REPEATS = 12
_REPEAT_NS = 2500000
_PROVED_FASTER = 1.4  # a probe this much faster proves the cache wrong; slower proves nothing


def _cpu_ns():
    return int(time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) * 1e9)


def _taken_ns(run, units):
    begin = _cpu_ns()
    run(units)
    return max(_cpu_ns() - begin, 1)


def _best_speed(run, units, repeats):
    return max(units * 1e9 / _taken_ns(run, units) for _ in range(repeats))


def measure(kernel):
    """Units a second."""
    run = work.KERNELS[kernel]
    run(1)
    units = 1
    while True:  # grows to a length that the clock can measure; warms up caches, too
        taken = _taken_ns(run, units)
        if taken >= _REPEAT_NS // 2 or units >= 1 << 28:
            break
        units *= 2 if taken > _REPEAT_NS // 16 else 8
    units = max(1, int(units * _REPEAT_NS / taken))
    return _best_speed(run, units, _REPEATS)


def _processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith(("model name", "CPU part")):
                    return line.split(":", 1)[-1].strip()
    except OSError:
        pass
    return "unknown"


def _cache_key():
    try:
        changed = os.stat(sys.executable).st_mtime
    except OSError:
        changed = 0
    return "%d|%s|%s|%s|%s" % (_VERSION, sys.executable, changed, sys.version, _processor())


def _cache_file(key):
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(folder):
        home = os.environ.get("HOME", "")
        if not os.path.isabs(home):
            return None
        folder = os.path.join(home, ".cache")
    name = "python-speed-%s.json" % hashlib.sha1(key.encode()).hexdigest()[:16]
    return os.path.join(folder, "interleave", name)


def _read(file, key):
    try:
        with open(file, encoding="utf-8") as stream:
            data = json.load(stream)
        if data["key"] != key:
            return {}
        return {name: speed for name, speed in data["speeds"].items()
                if name in work.KERNELS and 1 < speed < 1e12}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(file, key, speeds):
    draft = "%s.%d" % (file, os.getpid())
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(draft, "w", encoding="utf-8") as stream:
            json.dump({"key": key, "speeds": speeds}, stream)
        os.rename(draft, file)
    except OSError:
        pass  # it is measured again next time


def _is_proved_wrong(kernel, speed):
    run = work.KERNELS[kernel]
    return _best_speed(run, max(1, int(speed * 2e-4)), 3) > _PROVED_FASTER * speed


def _measure_elsewhere(kernels):
    """In a process that the agent is not loaded into, so that the recording has none of it."""
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    answer = subprocess.check_output(
        [sys.executable, "-I", folder, "--measure"] + sorted(kernels), env=environment)
    return json.loads(answer.decode())


def speeds_of(kernels):
    """Units a second of each kernel."""
    key = _cache_key()
    file = _cache_file(key)
    known = _read(file, key) if file else {}
    wanted = {name for name in kernels
              if name not in known or _is_proved_wrong(name, known[name])}
    if wanted:
        known.update(_measure_elsewhere(wanted))
        if file:
            _write(file, key, known)
    return {name: known[name] for name in kernels}


def _compute_steps(program):
    return [action for actions in program.actions for action in actions if action.kind == COMPUTE]


def speeds_for(program):
    return speeds_of({work.kernel_of(action) for action in _compute_steps(program)})


def apply(program, speeds):
    """Gives every compute step its amount of work."""
    if any(name.startswith("memory") for name in speeds):
        work.set_up_memory()
    for action in _compute_steps(program):
        units = action.duration_ns * speeds[work.kernel_of(action)] / 1e9
        action.units = max(1, round(units)) if action.duration_ns > 0 else 0
