#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# A slow client: the worker's memory does not grow, the provider waits, and no
# byte is lost.  And what a burst of large requests took is given back.

import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, FOLDER, SLOW, Client, H2, Server, chat, check, done

server = Server(model="""mode chat; try up up-model; }
    f0_model edits { mode agent; try up m; }
    f0_model raw { mode raw; try up m; }
    f0_model pieces { mode chat; try up m stream=pieces;
    """, listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
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

# An agent whose many edits each show the whole file: no more of them are made
# than the client reads, and nobody turns in circles meanwhile.
lines = ["line %06d\n" % i for i in range(60000)]
text = "".join("src/a.txt\n```\n<<<<<<< SEARCH\n%s=======\n%s.\n>>>>>>> REPLACE"
               "\n```\n" % (line, line[:-1]) for line in lines[:300])
with open(os.path.join(FOLDER, "edits.sse"), "w") as f:
    for at in range(0, len(text), 4000):
        f.write("data: %s\n\n" % json.dumps({"choices": [
            {"index": 0, "delta": {"content": text[at:at + 4000]}}]}))
    f.write("data: [DONE]\n\n")


def edits():
    return chat("<<raw?file=%s>>" % os.path.join(FOLDER, "edits.sse"),
                model="edits", ideType="desktop",
                fz_context={"currentFile": {"path": "src/a.txt",
                                            "content": "".join(lines)}})


c = Client()
c.post(edits())
whole = c.answer()[2]
check(whole.endswith(b"data: [DONE]\n\n") and b"line 000299.\\n" in whole,
      "an agent's edits", whole[-200:])
print("     %d bytes" % len(whole))
c.close()
before = server.rss()
c = Client(receive_buffer=4096)
c.post(edits())
time.sleep(1)
cpu, peak = server.cpu(), 0
for _ in range(20):
    time.sleep(0.1)
    peak = max(peak, server.rss())
cpu = server.cpu() - cpu
check(peak - before <= 32768 or SLOW > 1,
      "an agent's edits for a client that reads nothing: worker's memory",
      "grew by %d kB" % (peak - before))
check(cpu < 0.5 or SLOW > 1, "and it does nothing meanwhile", cpu)
late = c.answer()[2]
check(contents(late) == contents(whole) and late.endswith(b"[DONE]\n\n"),
      "the same edits when it reads", "%d bytes" % len(late))
c.close()

# The other lanes.
for model, marker, most in (("raw", "<<say?bytes=200000000>>", 2048),
                            ("pieces", "<<json?bytes=2000000>>", 16384)):
    before = server.rss()
    c = Client(receive_buffer=4096)
    c.post(chat(marker, model=model))
    peak = 0
    for _ in range(15):
        time.sleep(0.1)
        peak = max(peak, server.rss())
    check(peak - before <= most or SLOW > 1,
          "%s for a client that reads nothing: worker's memory" % model,
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
c.close()

# Large requests at the same time.


def large():
    c = Client()
    c.post(chat("<<say?text=fine>>" + "x" * 8000000))
    c.answer()
    c.close()


before = server.rss()
clients = [threading.Thread(target=large) for _ in range(12 if SLOW == 1
                                                         else 2)]
for x in clients:
    x.start()
for x in clients:
    x.join()
until = time.monotonic() + 5 * SLOW
while server.rss() - before > 16384 and time.monotonic() < until:
    time.sleep(0.1)
check(server.rss() - before <= 16384 or SLOW > 1,
      "what a burst of large requests took is given back",
      "%d kB are not" % (server.rss() - before))

done()
