# SPDX-License-Identifier: GPL-3.0-or-later
"""Downloads with threads

Twelve pages from a slow server, four at a time. A thread that waits for the network holds no lock,
so the waiting overlaps; only the short work on each page takes turns.
"""
import http.server
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor


class SlowPages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.08)  # the network and the server's database
        page = b"word " * 40_000
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *arguments):
        pass


def count_words(page):
    counts = {}
    for word in page.split():
        counts[word] = counts.get(word, 0) + 1
    return sum(counts.values())


def download(url):
    with urllib.request.urlopen(url) as reply:
        return count_words(reply.read())


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowPages)
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    urls = [f"http://127.0.0.1:{server.server_port}/page/{i}" for i in range(12)]
    with ThreadPoolExecutor(max_workers=4, thread_name_prefix="download") as pool:
        print(sum(pool.map(download, urls)), "words")
    server.shutdown()


if __name__ == "__main__":
    main()
