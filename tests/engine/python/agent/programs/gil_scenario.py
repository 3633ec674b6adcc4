# SPDX-License-Identifier: GPL-3.0-or-later
# Uses the GIL in known ways and prints what it did: one line for each fact, a word and numbers.
import os
import select
import socket
import sys
import threading
import time

now = time.monotonic_ns


def native_id():
    if hasattr(threading, "get_native_id"):
        return threading.get_native_id()
    return int(os.readlink("/proc/thread-self").rsplit("/", 1)[1])  # before 3.8


def say(word, *numbers):
    os.write(1, (" ".join([word, *map(str, numbers)]) + "\n").encode())


def clocks():
    """At one moment: the time, this thread's CPU time, and the ns in which it had no core but could run."""
    for _ in range(200):
        begin = now()
        with open("/proc/thread-self/schedstat") as file:
            delay = int(file.read().split()[1])
        cpu, end = int(time.thread_time() * 1e9), now()
        if end - begin < 200_000:  # nobody came between
            break
    return end, cpu, delay


def work(rounds):
    x = 1
    for _ in range(rounds):
        x = (x * 3 + 1) & 0xFFFFFF
    return x


def burn_until(stop):
    while now() < stop:
        work(2000)


def compute(word, cpu, *numbers):
    begin, first, delay = clocks()
    while time.thread_time() * 1e9 - first < cpu:
        work(20000)
    end, last, later = clocks()
    say(word, native_id(), begin, end, last - first, later - delay, *numbers)


def blocked(kind, wait):
    begin = now()
    wait()
    say("blocked", native_id(), begin, now(), kind)


def burning_pair(interval, seconds):
    sys.setswitchinterval(interval)
    stop = now() + int(seconds * 1e9)
    begin = now()
    ids = []

    def burn():
        ids.append(native_id())
        burn_until(stop)

    threads = [threading.Thread(target=burn) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say("pair", int(interval * 1e6), begin, now(), *ids)


def long_call():
    begin = now()
    sum(range(12_000_000))
    say("long", native_id(), begin, now())


def run(*targets):
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


run(lambda: compute("cpu", 250_000_000))

# Six ways to block, ended by the main thread.
lock, event = threading.Lock(), threading.Event()
lock.acquire()
reader, writer = os.pipe()
left, right = socket.socketpair()
selected, selected_writer = os.pipe()
waits = {
    "sleep": lambda: time.sleep(0.08),
    "pipe": lambda: os.read(reader, 1),
    "socket": lambda: left.recv(1),
    "lock": lock.acquire,
    "event": event.wait,
    "select": lambda: select.select([selected], [], []),
}
threads = [threading.Thread(target=blocked, args=item) for item in waits.items()]
for thread in threads:
    thread.start()
burn_until(now() + 80_000_000)  # the GIL is wanted meanwhile
os.write(writer, b"x")
right.send(b"x")
lock.release()
event.set()
os.write(selected_writer, b"x")
for thread in threads:
    thread.join()

burning_pair(0.005, 0.25)
burning_pair(0.0005, 0.2)
burning_pair(0.02, 0.5)
sys.setswitchinterval(0.005)

# One C call that keeps the GIL, beside a thread that wants it.
run(long_call, lambda: burn_until(now() + 100_000_000))

# A fork while another thread runs.
sys.stdout.flush()
beside = threading.Thread(target=lambda: burn_until(now() + 100_000_000))
beside.start()
child = os.fork()
if child == 0:
    compute("child", 50_000_000)
    os._exit(7)
status = os.waitpid(child, 0)[1]
say("forked", child, status >> 8, os.getpid(), native_id())
beside.join()


# Threads that run and wait when the program ends.
def forever():
    while True:
        work(1000)


for _ in range(2):
    threading.Thread(target=forever, daemon=True).start()
time.sleep(0.03)
say("end", os.getpid())
