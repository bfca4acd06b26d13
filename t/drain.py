#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Workers that have to go while turns run: those that last longer than
# f0_drain_timeout or worker_shutdown_timeout lets them are told so, in the words
# of their API, and new ones are served by others.

import json
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, FIRST, NGINX, SLOW, Client, H2, Server, asked, \
    chat, check, done

LONG = "<<say?n=400&gap=100&id=%s>>"            # 40 s
MUTE = "<<say?wait=60000&id=%s>>"
# Before the ten seconds for which a head is held.
T = "1s" if SLOW == 1 else "%ds" % min(2 * SLOW, 6)


def messages(text, stream=True):
    return json.dumps({"model": "f0-code-agent", "max_tokens": 99,
                       "stream": stream, "messages": [
                           {"role": "user", "content": text}]}).encode()


def responses(text, stream=True):
    return json.dumps({"model": "f0-code-agent", "stream": stream,
                       "input": text}).encode()


# name: body, path, what a stream is told, what 503 holds
FRONTS = {
    "chat": (chat, "/chat/completions",
             b'"code":"server_shutting_down"', b'"server_shutting_down"'),
    "messages": (messages, "/messages",
                 b'event: error\ndata: {"type":"error","error":'
                 b'{"type":"overloaded_error"', b'"overloaded_error"'),
    "responses": (responses, "/responses",
                  b'"code":"server_is_overloaded"', b'"server_shutting_down"'),
}


def begin(s, tag):
    """One turn of each kind: (name, client, stream or None)."""
    turns = []
    for name, (body, path, _, _) in FRONTS.items():
        for kind, text, stream in (("running", LONG, True),
                                   ("waiting", MUTE, True),
                                   ("whole", MUTE, False)):
            ident = "%s-%s-%s" % (tag, name, kind)
            c = Client(s.port)
            c.post(body(text % ident, stream), BASE + path)
            turns.append((name, kind, c))
            asked(ident)
    for name, kind, c in turns:
        if kind == "running":
            c.until(b"Hello")
    h2 = H2(s.port + 5)
    running = h2.post(chat(LONG % (tag + "-h2r")))
    waiting = h2.post(chat(MUTE % (tag + "-h2w")))
    h2.until(running, b"Hello")
    asked(tag + "-h2w")
    return turns, h2, running, waiting


def ended(tag, turns, h2, running, waiting):
    for name, kind, c in turns:
        status, headers, body = c.answer()
        what = "%s: %s, %s" % (tag, name, kind)
        _, _, told, code = FRONTS[name]
        if kind == "running":
            check(status == 200 and told in body and b"(cut)" not in body
                  and b"Hello" in body, what + ", is told", body[-300:])
        else:
            check(status == 503 and code in body, what + ", is 503",
                  (status, body[-300:]))
        c.close()
    check(h2.finish(running) == "end"
          and b"server_shutting_down" in h2.body[running],
          "%s: an HTTP/2 stream is told" % tag, h2.body[running][-300:])
    check(h2.finish(waiting) == "end"
          and b"server_shutting_down" in h2.body[waiting],
          "%s: an HTTP/2 turn that waits is told" % tag,
          h2.body[waiting][-300:])
    h2.close()


def served(s, name):
    c = Client(s.port)
    c.post(chat("<<say?text=new>>"))
    check(b"new" in c.answer()[2], name)
    c.close()


def gone(pids, seconds):
    until = time.monotonic() + seconds * SLOW
    while time.monotonic() < until:
        if not any(os.path.exists("/proc/%d" % p) for p in pids):
            return True
        time.sleep(0.05)
    return False


def start(name, port, f0="", main=""):
    return Server(name, port=port, f0=f0 + " access_log logs/end.log end;",
                  main=main, http="log_format end '$f0_end';",
                  listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
                  % (port, port + 5))


def ends(s):
    with open(os.path.join(s.folder, "logs", "end.log")) as f:
        return f.read().split()


# ---- reload, f0_drain_timeout

s = start("reload", FIRST + 4, "f0_drain_timeout %s;" % T)
old = s.workers()
turns = begin(s, "reload")
s.signal(signal.SIGHUP)
time.sleep(0.3 * SLOW)
served(s, "reload: a new turn is served")
ended("reload", *turns)
check(gone(old, 5), "reload: the old worker left")
check(ends(s).count("drained") == 11, "reload: $f0_end", ends(s))
lines = [x for x in s.lines() if "[error]" in x]
check(not lines, "reload: it is nobody's error", lines[:2])
s.stop()

# ---- quit, worker_shutdown_timeout; the location's own would come later

s = start("quit", FIRST + 5, "f0_drain_timeout 1h;",
          "worker_shutdown_timeout %s;" % T)
turns = begin(s, "quit")
s.signal(signal.SIGQUIT)
ended("quit", *turns)
check(gone([s.process.pid], 5) or s.process.wait(5) == 0,
      "quit: nginx ends with its turns")
check(ends(s).count("drained") == 11, "quit: $f0_end", ends(s))
s.stop()

# ---- off: turns end when they do, however long a worker waits for them

s = start("off", FIRST + 6, "f0_drain_timeout off;")
c, h2 = Client(s.port), H2(s.port + 5)
c.post(chat("<<say?n=30&gap=100&id=off-1>>"))
stream = h2.post(chat("<<say?wait=2500&text=late&id=off-2>>"))
c.until(b"Hello")
asked("off-2")
s.signal(signal.SIGHUP)
body = c.answer()[2]
check(body.endswith(b"[DONE]\n\n"), "off: a stream completes", body[-200:])
h2.finish(stream)
check(b"late" in h2.body[stream], "off: a turn that waits completes",
      h2.body[stream][-200:])
c.close()
h2.close()
s.stop()

# ---- binary upgrade, of a daemon: nginx takes no other for one that may be

s = start("upgrade", FIRST + 7, "f0_drain_timeout %s;" % T)
s.stop()
with open(s.conf) as f:
    text = f.read().replace("daemon off;", "daemon on;")
with open(s.conf, "w") as f:
    f.write(text)
open(s.log, "w").close()
open(os.path.join(s.folder, "logs", "end.log"), "w").close()
subprocess.run([shutil.which(NGINX), "-p", s.folder, "-c", s.conf, "-e", s.log], check=True)
PID = os.path.join(s.folder, "logs", "nginx.pid")


def master(name=PID, other=0):
    until = time.monotonic() + 10 * SLOW
    while time.monotonic() < until:
        try:
            with open(name) as f:
                pid = int(f.read())
            if pid != other:
                return pid
        except (OSError, ValueError):
            pass
        time.sleep(0.02)
    return 0


first = master()
turns = begin(s, "upgrade")
os.kill(first, signal.SIGUSR2)
check(master(PID + ".oldbin") == first, "upgrade: the old master steps back")
new = master(other=first)
check(new, "upgrade: there is a new one")
os.kill(first, signal.SIGQUIT)
for k in range(5):
    time.sleep(0.1 * SLOW)
    served(s, "upgrade: a new turn is served")
ended("upgrade", *turns)
check(gone([first], 10), "upgrade: the old binary left")
served(s, "upgrade: the new one serves on")
os.kill(new, signal.SIGQUIT)
check(gone([new], 10), "upgrade: it ends when asked to")
check(ends(s).count("drained") == 11, "upgrade: $f0_end", ends(s))
bad = [x for x in s.lines() if "[alert]" in x or "[error]" in x]
check(not bad, "upgrade: no error in the log", bad[:3])

done()
