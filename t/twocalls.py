#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Several model calls in one turn with a wait between them, by the backend that
# only tests have; aborts between calls, reload and quit while it waits.

import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, SLOW, Client, H2, Server, asked, chat, check, done

LIMIT = 0.050 * SLOW

server = Server(model="mode testing;\ntry up up-model;",
                listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
                % (FIRST, FIRST + 5))

c = Client()
c.post(chat("<<say?id=two&1.text=first&2.text=second>> wait=20"))
body = c.answer()[2]
rows = asked("two", 2)
check(len(rows) == 2, "two calls", len(rows))
check(b"first" in body and b"second" in body
      and body.index(b"first") < body.index(b"second")
      and body.endswith(b"data: [DONE]\n\n"), "their texts in order", body)

c.post(chat("<<say?id=json&1.text=first&2.text=second>> wait=20", False))
body = c.answer()[2]
check(b"first" in body and b"second" in body, "the same as JSON", body)

c.post(chat("<<say?id=work&1.text=first&2.text=second>> work=1 wait=20"))
body = c.answer()[2]
check(b"second" in body and body.endswith(b"data: [DONE]\n\n"),
      "with work in a thread", body)
c.close()

h = H2(FIRST + 5)
s = h.post(chat("<<say?id=h2&1.text=first&2.text=second>> wait=20"))
h.finish(s)
check(b"first" in h.body[s] and b"second" in h.body[s]
      and h.body[s].endswith(b"[DONE]\n\n"), "the same over HTTP/2",
      h.body[s])

# The client leaves while the turn waits: no second call is made.
for how in ("HTTP/1.1", "HTTP/2", "RST"):
    tag = "gone" + how
    marker = "<<say?id=%s&1.text=first>> wait=1500" % tag
    if how == "HTTP/1.1":
        c = Client()
        c.post(chat(marker))
        c.until(b"first")
    else:
        c = H2(FIRST + 5)
        s = c.post(chat(marker))
        c.until(s, b"first")
    time.sleep(0.1)
    if how == "RST":
        c.reset(s)
    else:
        c.close()
    time.sleep(1.8)
    check(len(asked(tag)) == 1, "%s: no call after the client left" % how)

# The client leaves in the second call.
for how in ("HTTP/1.1", "HTTP/2"):
    tag = "second" + how
    marker = ("<<say?id=%s&1.text=first&2.text=second%%20x&2.stop=1>> wait=10"
              % tag)
    if how == "HTTP/1.1":
        c = Client()
        c.post(chat(marker))
        c.until(b"second")
    else:
        c = H2(FIRST + 5)
        s = c.post(chat(marker))
        c.until(s, b"second")
    time.sleep(0.1)
    left = time.monotonic()
    c.close()
    rows = asked(tag, 2, "closed", 3)
    took = rows[-1]["closed"] - left if rows[-1]["closed"] else None
    check(took is not None and took < LIMIT,
          "%s: client leaves in the second call" % how, took)

# Reload and quit while it waits: the second call is made all the same.
for name, number in (("reload", signal.SIGHUP), ("quit", signal.SIGQUIT)):
    c = Client()
    c.post(chat("<<say?id=%s&1.text=first&2.text=second>> wait=1000" % name))
    c.until(b"first")
    server.signal(number)
    body = c.answer()[2]
    check(b"second" in body and body.endswith(b"data: [DONE]\n\n"),
          "%s while the turn waits" % name, body)
    c.close()
    time.sleep(0.3 * SLOW)

done()
