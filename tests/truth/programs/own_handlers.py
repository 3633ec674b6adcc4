# SPDX-License-Identifier: GPL-3.0-or-later
"""Handles signals and timers, in the main thread, with other threads at work."""
import signal
import threading

seen = []
done = threading.Event()


def note(number, frame):
    seen.append(signal.Signals(number).name)


for name in ("SIGUSR1", "SIGUSR2", "SIGALRM", "SIGTERM", "SIGINT", "SIGHUP", "SIGPROF", "SIGVTALRM"):
    signal.signal(getattr(signal, name), note)
worker = threading.Thread(target=done.wait)
worker.start()
for name in ("SIGUSR1", "SIGUSR2", "SIGTERM", "SIGINT", "SIGHUP"):
    signal.raise_signal(getattr(signal, name))
signal.setitimer(signal.ITIMER_REAL, 0.05)
while "SIGALRM" not in seen:
    signal.pause()
signal.setitimer(signal.ITIMER_PROF, 0.02)
while "SIGPROF" not in seen:
    sum(range(10_000))
done.set()
worker.join()
print(seen)
print(signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGPIPE))
