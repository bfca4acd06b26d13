#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# A slow client: the worker's memory does not grow, the provider waits, and no
# byte is lost.

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, SLOW, Client, H2, Server, chat, check, done

server = Server(listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
                % (FIRST, FIRST + 5))


def warm():
    for _ in range(3):
        c = Client()
        c.post(chat("<<say?n=20000>>"))
        c.answer()
        c.close()


def contents(body):
    """The text of all chunks."""
    parts = body.split(b'"delta":{"content":"')
    return b"".join(p.split(b'"}', 1)[0] for p in parts[1:])


# 200 MB at 50 KB/s: measured for some seconds, as long as it would take.
warm()
before = server.rss()
c = Client(receive_buffer=4096)
c.post(chat("<<say?bytes=200000000>>"))
peak, until = 0, time.monotonic() + 8
while time.monotonic() < until:
    c.sock.recv(5000)
    peak = max(peak, server.rss())
    time.sleep(0.1)
check(peak - before <= 2048 or SLOW > 1,
      "200 MB to a client of 50 KB/s: worker's memory",
      "grew by %d kB" % (peak - before))
print("     grew by %d kB" % (peak - before))
c.close()

# The same, HTTP/2: the window is the limit.
before = server.rss()
c = H2(FIRST + 5)
s = c.post(chat("<<say?bytes=200000000>>"))
peak, until = 0, time.monotonic() + 5
while time.monotonic() < until:
    if len(c.body[s]) < 100000:
        c.read()
    else:
        time.sleep(0.1)
    peak = max(peak, server.rss())
check(peak - before <= 2048 or SLOW > 1,
      "200 MB to an HTTP/2 client that stops reading: worker's memory",
      "grew by %d kB" % (peak - before))
c.close()

# Stalls, then reads everything: the bytes of a client that never stalled.
marker = "<<say?text=one%20two%20%C3%A4%C3%B6&n=60000>>"
fast = Client()
fast.post(chat(marker))
whole = fast.answer()[2]
slow = Client(receive_buffer=4096)
slow.post(chat(marker))
slow.until(b"one")
time.sleep(1.5)
stalled = slow.answer()[2]
check(contents(whole) == contents(stalled) and len(contents(whole)) > 200000,
      "a client that stalled gets the same text",
      "%d and %d bytes" % (len(contents(whole)), len(contents(stalled))))
check(stalled.endswith(b"data: [DONE]\n\n"), "and the end of the stream")

c = H2(FIRST + 5)
s = c.post(chat(marker))
c.until(s, b"one")
time.sleep(1)
c.finish(s)
check(contents(c.body[s]) == contents(whole), "the same over HTTP/2",
      "%d bytes" % len(contents(c.body[s])))

done()
