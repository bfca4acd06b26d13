#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# What other parts of nginx do with the same request: mirror, logs of
# subrequests, post_action, a connection of HTTP/2 that is full, the end of a
# worker.

import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, PROVIDER, SLOW, Client, H2, Server, asked, chat, \
    check, done, provider

TESTING = "mode testing;\ntry up up-model;"


def last_line(s, name, seconds=5):
    until = time.monotonic() + seconds * SLOW
    while time.monotonic() < until:
        with open(os.path.join(s.folder, "logs", name)) as f:
            lines = f.read().split("\n")
        if len(lines) > 1:
            return lines[-2]
        time.sleep(0.05)
    return ""


# A mirror reads the same body at the same time.  Of its answer, and a
# post_action's, nginx wants the head only, and closes: whether all of it was sent
# until then is a matter of luck.
s = Server("mirror", f0="mirror /m;", server="""
    location = /m {
        internal;
        client_max_body_size 0;
        proxy_pass http://127.0.0.1:%d/s/say%%3Ftext=m%%26id=mirror!/$arg_x;
    }""" % PROVIDER)
for size in (60, 200000, 14000000):
    provider("reset")
    body = chat("<<say?text=fine&id=one>>" + "x" * size)
    c = Client()
    c.post(body)
    answer = c.answer()[2]
    check(b"fine" in answer and answer.endswith(b"data: [DONE]\n\n"),
          "mirror: the turn of %d bytes" % len(body), answer[-200:])
    rows = asked("mirror", 1, "closed")
    got = rows[0]["body"] if rows else ""
    check(got == (body.decode() if len(body) < 1000000 else len(body)),
          "mirror: gets the %d bytes as they came" % len(body),
          got if isinstance(got, int) else len(got))
    c.post(chat("<<say?text=again>>"))
    check(b"again" in c.answer()[2], "mirror: and the connection goes on")
    # Its mirror is another row, and ends with the connection.
    rows = asked("mirror", 2, "closed")
    check(len(rows) == 2, "mirror: is made of that turn, too", rows)
    c.close()
s.stop()

# What a log of the calls asks for is gone by then.
s = Server("log", http="log_format calls '[$request_body] "
           "[$sent_http_cache_control] [$sent_http_location] [$status] "
           "[$upstream_status] [$sent_http_x_more] [$http_content_type] "
           "[$sent_http_last_modified] [$sent_http_link]';",
           up="log_subrequest on;\naccess_log logs/calls.log calls;")
headers = ("Cache-Control:max-age=1", "Location:/else", "Link:</a>; rel=x",
           "Last-Modified:Sun, 06 Nov 1994 08:49:37 GMT", "X-More:more")
c = Client()
c.post(chat("<<say?text=fine&%s>>" % "&".join("header=" + h.replace(
    ";", "%3B").replace(" ", "%20") for h in headers)))
check(b"fine" in c.answer()[2], "log_subrequest: the turn")
line = last_line(s, "calls.log")
check(line == "[-] [-] [-] [200] [200] [-] [application/json] [-] [-]",
      "log_subrequest: of what is gone nothing is logged", line)
c.close()

# A worker that may not wait ends turns that wait: memcheck looks for leaks.
s.stop()
s = Server("shutdown", main="worker_shutdown_timeout 1s;",
           up="log_subrequest on;")
c = Client()
c.post(chat("<<say?wait=60000&id=shutdown>>"))
asked("shutdown")
s.signal(signal.SIGHUP)
rows = asked("shutdown", 1, "closed", 10)
check(rows[0]["closed"] is not None, "worker_shutdown_timeout ends a turn")
c.close()
s.stop()

def work(ms):
    """Millions of steps that take this build about so long."""
    c, began = Client(), time.monotonic()
    c.post(chat("<<say?1.text=first&2.text=second>> wait=1 work=50"))
    check(b"second" in c.answer()[2], "work takes a turn's time")
    c.close()
    return int(50 * ms / 1000 / (time.monotonic() - began)) + 1


# post_action: after the end, and while the turn waits between two calls.
s = Server("post", TESTING, f0="post_action /pa;", server="""
    location = /pa {
        internal;
        proxy_pass http://127.0.0.1:%d/s/say%%3Fwait=%d%%26id=post!/$arg_x;
    }""" % (PROVIDER, 500 * SLOW))
pid = s.worker()


def left(tag, c):
    """The client leaves now."""
    provider("reset")
    c.close()
    rows = asked("post", 1, "closed", 15)
    check(len(rows) == 1 and rows[0]["answered"] is not None,
          "post_action: when the client leaves: " + tag, rows)
    time.sleep(1 * SLOW)
    check(s.worker() == pid, "post_action: and the worker lives")
    check(not provider("requests", id=tag), "post_action: no second call")


c = Client()
c.post(chat("<<say?id=whole&1.text=first&2.text=second>> wait=20"))
body = c.answer()[2]
check(b"second" in body and body.endswith(b"data: [DONE]\n\n"),
      "post_action: the turn", body[-200:])
rows = asked("post", 1, "closed")
check(len(rows) == 1 and rows[0]["answered"] is not None,
      "post_action: is made, and asks for no body", rows)
c.close()

c = Client()
c.post(chat("<<say?id=waits&1.text=first>> wait=%d" % (700 * SLOW)))
c.until(b"first")
left("waits", c)

# In one piece: the call is over, and the parent active, while work runs.
name = os.path.join(s.folder, "first.sse")
with open(name, "w") as f:
    for delta, finish in (({"content": "first"}, None), ({}, "stop")):
        f.write("data: %s\n\n" % json.dumps(
            {"choices": [{"index": 0, "delta": delta,
                          "finish_reason": finish}]}))
    f.write("data: [DONE]\n\n")

for tag, ms in (("shorter", 250), ("longer", 1000)):
    provider("reset")
    steps = work(ms * SLOW)
    asked("post", 1, "closed")
    c = Client()
    c.post(chat("<<raw?id=%s&file=%s>> wait=1 work=%d" % (tag, name, steps)))
    asked(tag, 1, "done")
    time.sleep(0.1)
    left(tag, c)
s.stop()

# The client leaves while work runs in a thread, and the worker is told to quit.
s = Server("work", TESTING)
steps = work(700 * SLOW)
c = Client()
c.post(chat("<<say?id=work&1.text=first>> wait=1 work=%d" % steps))
asked("work", 1, "done")
time.sleep(0.2 * SLOW)
c.close()
time.sleep(0.1 * SLOW)
s.signal(signal.SIGQUIT)
try:
    s.process.wait(20 * SLOW)
    check(True, "quit while work runs for a client that left")
except Exception as e:                  # noqa: BLE001
    check(False, "quit while work runs for a client that left", e)
s.stop()

# HTTP/2: an answer whose header has to wait behind another stream.
s = Server("h2", listen="listen 127.0.0.1:%d http2;" % FIRST,
           server="location = /large { alias large; }")
with open(os.path.join(s.folder, "large"), "wb") as f:
    f.write(b"x" * 12000000)
for name, body, want in (
        ("a JSON answer", chat("<<say?text=fine>>", False), b"fine"),
        ("an error", chat("<<error?status=400>>", False), b'"error":'),
        ("a refused request", b"{", b'"error":')):
    h = H2()
    large = h.get("/large")
    time.sleep(0.5 * SLOW)
    small = h.post(body)
    time.sleep(0.5 * SLOW)
    end = h.finish(small)
    check(end == "end" and want in h.body[small],
          "HTTP/2, a full connection: " + name, (end, h.body[small][-200:]))
    h.finish(large)
    check(len(h.body[large]) == 12000000, "HTTP/2: and the other stream",
          len(h.body[large]))
    h.close()

done()
