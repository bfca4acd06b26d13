#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# One client connection: it stays open after each kind of answer, the end of a
# stream comes at once, pieces and pauses of a request don't matter.

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, KEY, SLOW, Client, Server, asked, chat, check, \
    done

server = Server(server="keepalive_timeout 60s;")

c = Client()
for name, body, status, what in (
        ("a stream", chat("<<say>>"), 200, b"[DONE]"),
        ("a refusal", b'{"messages":[]}', 400, b"invalid_request_error"),
        ("JSON", chat("<<say>>", False), 200, b"Hello world"),
        ("a provider's error", chat("<<error?status=429>>"), 429, b"rate"),
        ("a cut stream", chat("<<say?text=a%20b&stop=1&stopped=close>>"), 200,
         b"stream_truncated"),
        ("no JSON", b"{", 400, b"error"),
        ("a stream again", chat("<<say>>"), 200, b"[DONE]")):
    began = time.monotonic()
    c.post(body)
    got = c.answer()
    check(got[0] == status and what in got[2], "%s on one connection" % name,
          got)
    check(time.monotonic() - began < 0.5 * SLOW, "%s ends at once" % name,
          time.monotonic() - began)
    check(got[1].get("connection") == "keep-alive",
          "%s leaves it open" % name, got[1])
c.close()

# The head as a whole: no header twice.
c = Client()
c.post(chat("<<say>>"))
c.until(b"\r\n\r\n")
names = [line.split(":")[0].lower() for line in
         c.data.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]]
check(len(names) == len(set(names)), "no header twice", names)
c.close()

# Two requests sent at once.
c = Client()
head = ("POST %s/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: "
        "Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d"
        "\r\n\r\n")
one, two = chat("<<say?text=one>>"), chat("<<say?text=two>>", False)
c.send((head % (BASE, KEY, len(one))).encode() + one
       + (head % (BASE, KEY, len(two))).encode() + two)
first, second = c.answer(), c.answer()
check(b"one" in first[2] and b"two" in second[2], "two requests at once",
      (first[2], second[2]))
c.close()

# A request that comes byte by byte.
c = Client()
for byte in (head % (BASE, KEY, len(one))).encode() + one:
    c.send(bytes([byte]))
got = c.answer()
check(b"one" in got[2] and b"[DONE]" in got[2], "byte by byte", got)
c.close()

# The client's key, cookies and encodings stay with f0; its own words arrive.
c = Client()
c.post(chat("<<say?id=seen>>"), headers=("Cookie: a=b", "X-Api-Key: k",
                                         "Accept-Encoding: gzip, br"))
c.answer()
c.close()
row = asked("seen")[0]
names = {k.lower(): v for k, v in row["headers"]}
check(KEY not in str(row) and "cookie" not in names
      and "x-api-key" not in names
      and names.get("accept-encoding", "identity") == "identity",
      "what stays behind", names)
check(names.get("content-type") == "application/json"
      and int(names["content-length"]) == len(row["body"].encode())
      and "<<say?id=seen>>" in row["body"], "what arrives", row)

done()
