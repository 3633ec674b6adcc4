# SPDX-License-Identifier: GPL-3.0-or-later
# Jobs of the test of RQ.
import os
import signal


def add(one, other):
    return one + other


def broken():
    raise ValueError("on purpose")


def flaky(flag):
    """Fails when it runs for the first time."""
    if not os.path.exists(flag):
        open(flag, "w").close()
        raise ValueError("not yet")
    return "well at last"


def killed():
    os.kill(os.getpid(), signal.SIGKILL)
