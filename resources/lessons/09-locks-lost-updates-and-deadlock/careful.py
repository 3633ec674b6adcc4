# SPDX-License-Identifier: GPL-3.0-or-later
"""Two careful tellers

Two tellers pay into one account, a hundred times each: read the balance, think, write it back.
The exit code is the number of payments that are missing at the end.
"""
import sys
import threading
import time

balance = 0
key = threading.Lock()


def pay_in(times):
    global balance
    for _ in range(times):
        with key:
            read = balance
            time.sleep(0.0005)  # thinking, but nobody else comes near the account
            balance = read + 1

tellers = [threading.Thread(target=pay_in, args=(100,), name=f"teller {i}") for i in (1, 2)]
for teller in tellers:
    teller.start()
for teller in tellers:
    teller.join()
lost = 200 - balance
print(f"paid in 200, in the account {balance}: {lost} lost")
sys.exit(lost)
