#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Comments while it is silent, and the bounds of time.

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, Client, H2, Server, asked, chat, check, done

server = Server(listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
                % (FIRST, FIRST + 5), f0="f0_keepalive 1s;\n"
                "f0_first_byte_timeout 4s;\nf0_idle_timeout 4s;\n"
                "f0_turn_timeout 8s;")

# Silence in the stream: comments, also over HTTP/2.
c, h = Client(), H2(FIRST + 5)
c.post(chat("<<say?text=one%20two&gap=2600>>"))
s = h.post(chat("<<say?text=one%20two&gap=2600>>"))
body = c.answer()[2]
h.finish(s)
check(body.count(b": keep-alive\n\n") == 2, "comments while it is silent",
      body.count(b": keep-alive"))
check(h.body[s].count(b": keep-alive\n\n") == 2, "and over HTTP/2",
      h.body[s])
check(b": ping" not in body and body.endswith(b"[DONE]\n\n"), "nothing else")

# No first byte.
tag = "first"
c.post(chat("<<say?wait=20000&id=first>>"))
began = time.monotonic()
status, headers, body = c.answer()
check(b"upstream_timeout" in body and 3 < time.monotonic() - began < 7,
      "f0_first_byte_timeout", (status, body, time.monotonic() - began))
rows = asked("first", 1, "closed", 2)
check(rows[0]["closed"] is not None, "the provider's connection is closed")
c.close()

# Silence in the middle.
c = Client()
c.post(chat("<<say?text=one%20two&stop=1&id=idle>>"))
began = time.monotonic()
body = c.answer()[2]
check(b"one" in body and b"upstream_timeout" in body
      and body.endswith(b"data: [DONE]\n\n")
      and 3 < time.monotonic() - began < 7, "f0_idle_timeout", body[-300:])
c.close()

# A turn without an end.
c = Client()
c.post(chat("<<say?n=1000000&gap=50&id=turn>>"))
began = time.monotonic()
body = c.answer()[2]
check(b'data: {"error":' in body and body.endswith(b"data: [DONE]\n\n")
      and 7 < time.monotonic() - began < 12, "f0_turn_timeout", body[-300:])
rows = asked("turn", 1, "closed", 2)
check(rows[0]["closed"] is not None, "the provider's connection is closed")
c.close()

done()
