# SPDX-License-Identifier: GPL-3.0-or-later
"""Five answers, asked for one after the other or together."""
import asyncio
import sys


async def answer():
    await asyncio.sleep(0.2)


async def in_turn():
    for _ in range(5):
        await answer()


async def together():
    await asyncio.gather(*(answer() for _ in range(5)))


asyncio.run(together() if sys.argv[1:] == ["together"] else in_turn())
