# SPDX-License-Identifier: GPL-3.0-or-later
"""A lost update

Two tellers pay into one account: read the balance, think, write it back. When both have read before
either has written, one payment is gone. The interpreter lock doesn't help: it changes hands between.
"""
import threading
import time

balance = 0


def pay_in(times):
    global balance
    for _ in range(times):
        read = balance
        time.sleep(0.002)  # thinking: the other one may run
        balance = read + 1


def main():
    tellers = [threading.Thread(target=pay_in, args=(100,), name=f"teller {i}") for i in (1, 2)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    print("paid in 200, in the account", balance, "- lost", 200 - balance)


if __name__ == "__main__":
    main()
