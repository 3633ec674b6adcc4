# SPDX-License-Identifier: GPL-3.0-or-later
"""Downloads with asyncio

The same twelve pages in one thread: each download is a task that gives the loop back while it waits
for the network. No more than four are under way at a time.
"""
import asyncio


async def serve(reader, writer):
    await reader.readline()
    await asyncio.sleep(0.08)  # the network and the server's database
    writer.write(b"word " * 40_000)
    await writer.drain()
    writer.close()


def count_words(page):
    counts = {}
    for word in page.split():
        counts[word] = counts.get(word, 0) + 1
    return sum(counts.values())


async def download(number, port, slots):
    async with slots:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"page %d\n" % number)
        page = await reader.read(-1)
        writer.close()
        return count_words(page)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    slots = asyncio.Semaphore(4)
    counts = await asyncio.gather(*(download(i, port, slots) for i in range(12)))
    print(sum(counts), "words")
    server.close()


asyncio.run(main())
