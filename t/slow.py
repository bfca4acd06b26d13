#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Clients that read slowly or not at all while no call runs: between two calls
# and behind the last one.

import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, FOLDER, SLOW, Client, Server, asked, chat, check, \
    done, provider

CERT, KEY = (os.path.join(FOLDER, n) for n in ("tls.crt", "tls.key"))
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-keyout", KEY, "-out", CERT],
               check=True, stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL)

# An answer that is read at once, but is more than a small socket takes.
FIRST_TEXT = "first" + "." * 12000
ANSWER = os.path.join(FOLDER, "first.sse")
with open(ANSWER, "w") as f:
    for delta, finish in (({"content": FIRST_TEXT}, None), ({}, "stop")):
        f.write("data: %s\n\n" % json.dumps(
            {"choices": [{"index": 0, "delta": delta,
                          "finish_reason": finish}]}))
    f.write("data: [DONE]\n\n")

# Seconds of the clocks: some are waited out.
S = min(SLOW, 3)

TESTING = "mode testing;\ntry up up-model;"


def two(tag, more="", wait=1):
    # The backend takes the first "wait=" that it finds.
    return chat("wait=%d <<say?id=%s&1.name=raw&1.file=%s&2.text=second%s>>"
                % (wait, tag, ANSWER, more))


def server(name, number, f0="", model=TESTING, tls=False):
    port = FIRST + 4 + number
    words = " ssl" if tls else ""
    certificate = ("ssl_certificate %s;\nssl_certificate_key %s;"
                   % (CERT, KEY) if tls else "")
    return Server(name, model, f0=f0, port=port, server=certificate,
                  listen="listen 127.0.0.1:%d%s sndbuf=4k;" % (port, words))


def stalls(s, body, tls=False):
    """A client that has asked and reads nothing."""
    c = Client(s.port, tls=tls, receive_buffer=1024)
    c.post(body)
    return c


def calls(tag):
    return len(provider("requests", id=tag))


def whole(body):
    return FIRST_TEXT.encode() in body and body.endswith(b"data: [DONE]\n\n")


# Never reads: it is cut after send_timeout, and holds no worker up.  Our own
# events, here the comments of each second, do not put that off.
between = server("between", 0, "send_timeout %ds;\nf0_keepalive 1s;"
                 % (3 * S))
left = stalls(between, two("between"))
asked("between")

# The same behind the last call, where the next event of ours comes after 10 s.
behind = server("behind", 1, "send_timeout 12s;",
                "mode chat;\ntry up up-model stream=pieces;")
pieces = stalls(behind, chat("<<json?id=behind&bytes=600000>>"))
asked("behind", 1, "done")

# And while a call runs whose provider goes on and on.
during = server("during", 6, "send_timeout %ds;" % (3 * S))
drips = stalls(during, chat("<<say?id=drips&text=%s&n=100000&gap=100>> wait=1"
                            % ("." * 4000)))
asked("drips")

time.sleep(0.5 * S)
old = {s: s.worker() for s in (between, behind, during)}
began = time.monotonic()
for s in old:
    s.signal(signal.SIGHUP)


# A deadline while a call waits for the client: that call is never made.
s = server("deadline", 2, "f0_turn_timeout %ds;" % (2 * S))
c = stalls(s, two("deadline", wait=100))
asked("deadline")
time.sleep(4 * S)
_, _, body = c.answer()
check(FIRST_TEXT.encode() in body and b'data: {"error":' in body
      and body.endswith(b"data: [DONE]\n\n"),
      "a turn that ends while its client stalls", body[-300:])
check(calls("deadline") == 1, "asks no provider any more", calls("deadline"))
c.post(chat("<<say?text=third&1.id=x>> wait=1"))
check(b"third" in c.answer()[2], "and the connection goes on")
c.close()

# The provider is not late before it was asked, nor while nobody reads it.
s = server("patience", 3, "f0_first_byte_timeout %ds;\nf0_idle_timeout %ds;"
           % (2 * S, 2 * S))
c = stalls(s, two("patience"))
asked("patience")
time.sleep(4 * S)
check(calls("patience") == 1, "no call while the client stalls",
      calls("patience"))
_, _, body = c.answer()
check(whole(body) and b"second" in body and b"error" not in body,
      "it is asked when the client goes on", body[-300:])
c.close()

c = stalls(s, chat("<<say?id=read&bytes=400000>> wait=1"))
asked("read")
time.sleep(4 * S)
_, _, body = c.answer()
check(b"error" not in body and body.endswith(b"data: [DONE]\n\n"),
      "a provider that nobody reads is not late", body[-300:])
c.close()

# What blocked once ends no later call.
s = server("timer", 4, "send_timeout %ds;" % (2 * S))
c = stalls(s, two("timer", "&2.bytes=100000&2.wait=%d" % (4000 * S)))
asked("timer")
time.sleep(0.5 * S)
_, _, body = c.answer()
check(whole(body) and b"second" in body,
      "a long wait behind a stall of the client", body[-300:])
c.close()

# TLS: what OpenSSL holds leaves when the client reads, not with the next call.
s = server("tls", 5, tls=True)
c = stalls(s, two("tls", "&2.wait=60000", wait=20), tls=True)
asked("tls")
time.sleep(S)
check(calls("tls") == 1, "TLS: no call while the client stalls", calls("tls"))
c.sock.settimeout(10 * SLOW)
try:
    check(c.until(FIRST_TEXT[-12000:].encode()) is not None,
          "TLS: all that was said comes before the next call has answered")
except OSError as e:
    check(False, "TLS: all that was said comes before the next call has "
          "answered", "%d bytes, %s" % (len(c.data), e))
c.close()

c = stalls(s, two("tls2"), tls=True)
asked("tls2")
time.sleep(0.5 * S)
_, _, body = c.answer()
check(whole(body) and b"second" in body, "TLS: both calls after a stall",
      body[-300:])
c.close()


def gone(s):
    until = max(began + 15 * S, time.monotonic() + 2)
    while old[s] in s.workers() and time.monotonic() < until:
        time.sleep(0.05)
    return old[s] not in s.workers()


for s, name in ((between, "between two calls"), (behind, "behind the last"),
                (during, "while a call runs")):
    check(gone(s), "a client that never reads is cut: " + name)
    check(any("client timed out" in x for x in s.lines()),
          "which the log says: " + name)
check(calls("between") == 1, "and its second call is not made",
      calls("between"))
for c in (left, pieces, drips):
    c.close()

done()
