#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# The client leaves, in every state of a turn: the provider's connection is
# closed at once.

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, SLOW, Client, H2, Server, asked, chat, check, done

LIMIT = 0.050 * SLOW

# state: marker, stream, what the client must have seen
STATES = {
    "before the provider's head": ("say?wait=60000", True, None),
    "after the head, before the first token": ("say?first=60000", True, None),
    "idle in the stream": ("say?text=one%20two&stop=1", True, b"one"),
    "while tokens drip": ("say?n=100000&gap=5", True, b"Hello"),
    "at full speed": ("say?bytes=400000000", True, b"Hello"),
    "JSON, before the head": ("say?wait=60000", False, None),
    "JSON, in the body": ("say?stopped=hold", False, None),
}


def told(how, state, tag, left):
    rows = asked(tag, 1, "closed", 5)
    took = rows[0]["closed"] - left if rows and rows[0]["closed"] else None
    check(took is not None and took < LIMIT,
          "%s: client leaves %s" % (how, state),
          "never closed" if took is None else "after %.1f ms" % (took * 1000))
    if took is not None:
        print("     %.2f ms" % (took * 1000))


def settled(tag, text):
    """The provider has been asked and is where the state wants it."""
    asked(tag, 1, "first_event" if text else None)
    time.sleep(0.05 * SLOW)


def http1(state, marker, stream, text):
    tag = "h1-" + state.replace(" ", "-")
    c = Client()
    c.post(chat("<<%s&id=%s>>" % (marker, tag), stream))
    if text:
        c.until(text)
    settled(tag, text)
    left = time.monotonic()
    c.close()
    told("HTTP/1.1", state, tag, left)


def http2(state, marker, stream, text, reset):
    how = "RST" if reset else "h2"
    tag = how + "-" + state.replace(" ", "-")
    c = H2(FIRST + 5)
    s = c.post(chat("<<%s&id=%s>>" % (marker, tag), stream))
    if text:
        c.until(s, text)
    settled(tag, text)
    left = time.monotonic()
    if not reset:
        c.close()
        return told("HTTP/2 connection closed", state, tag, left)
    c.reset(s)
    told("HTTP/2 RST_STREAM", state, tag, left)
    s = c.post(chat("<<say?text=still>>"))
    return check(c.until(s, b"[DONE]") and b"still" in c.body[s],
                 "the HTTP/2 connection serves on after: " + state)


server = Server(listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
                % (FIRST, FIRST + 5))

for state, (marker, stream, text) in STATES.items():
    http1(state, marker, stream, text)
    http2(state, marker, stream, text, False)
    http2(state, marker, stream, text, True)

# Blocked: the client reads nothing any more, then leaves.
c = Client(receive_buffer=4096)
c.post(chat("<<say?bytes=400000000&id=blocked>>"))
c.until(b"Hello")
time.sleep(1)
left = time.monotonic()
c.close()
told("HTTP/1.1", "while it blocks", "blocked", left)

done()
