#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Reload and quit while streams run: they complete, in HTTP/1.1 and HTTP/2.

import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, SLOW, Client, H2, Server, asked, chat, check, done

server = Server(listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
                % (FIRST, FIRST + 5))


def in_flight(name, number):
    """Three streams in different states, then the signal."""
    waiting, running, h2 = Client(), Client(), H2(FIRST + 5)
    waiting.post(chat("<<say?wait=1500&text=late&id=%s-w>>" % name))
    running.post(chat("<<say?n=20&gap=80&id=%s-r>>" % name))
    s = h2.post(chat("<<say?n=20&gap=80&id=%s-h>>" % name))
    running.until(b"Hello")
    h2.until(s, b"Hello")
    asked(name + "-w")
    server.signal(number)
    time.sleep(0.2 * SLOW)
    if number == signal.SIGHUP:
        c = Client()
        c.post(chat("<<say?text=new>>"))
        check(b"new" in c.answer()[2], "%s: the new worker answers" % name)
        c.close()
    body = running.answer()[2]
    check(body.count(b'"content":') == 21 and body.endswith(b"[DONE]\n\n"),
          "%s: a running stream completes" % name, body[-200:])
    h2.finish(s)
    check(h2.body[s].count(b'"content":') == 21
          and h2.body[s].endswith(b"[DONE]\n\n"),
          "%s: an HTTP/2 stream completes" % name, h2.body[s][-200:])
    body = waiting.answer()[2]
    check(b"late" in body and body.endswith(b"[DONE]\n\n"),
          "%s: a waiting turn completes" % name, body[-200:])
    for c in (waiting, running, h2):
        c.close()


in_flight("reload", signal.SIGHUP)
until = time.monotonic() + 5 * SLOW
while len(server.workers()) > 1 and time.monotonic() < until:
    time.sleep(0.05)
check(len(server.workers()) == 1, "reload: the old worker left")

in_flight("quit", signal.SIGQUIT)
try:
    server.process.wait(5 * SLOW)
    check(True, "quit: nginx ends when its streams have ended")
except Exception as e:                  # noqa: BLE001
    check(False, "quit: nginx ends when its streams have ended", e)

done()
