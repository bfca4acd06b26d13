#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Turns that wait for a place: over workers, reloads and workers that are killed;
# what their clients hear; what they cost.

import json
import os
import random
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import (BASE, FIRST, FOLDER, PROVIDER, ROOT, SLOW, Client, Server,
                      asked, chat, check, done,
                      provider)

NAMES = ["flood"] + ["light%d" % n for n in range(9)]
KEYS = os.path.join(FOLDER, "queue.keys")
with open(KEYS, "w") as f:
    f.write("\n".join("%s key-of-%s" % (n, n) for n in NAMES)
            + "\nheavy key-of-heavy weight=3\n")
os.chmod(KEYS, 0o600)


def configuration(http, f0=""):
    return """
    f0_zone f0:1m;
    %s
    f0_provider up openai /_f0/up/;
    f0_model f0-code-agent { mode chat; try up up-model; }
    f0_model agent { mode agent; try up up-model; }
    upstream f0_up { server 127.0.0.1:%d; keepalive 64; }
    log_format ends '$pid $status $f0_end $f0_key';
    access_log logs/ends.log ends;
    server {
        listen 127.0.0.1:%d reuseport;
        location %s/ {
            f0 on;
            f0_keys %s;
            %s
        }
        location /_f0/up/ {
            internal;
            include %s/conf/f0_provider.conf;
            proxy_pass http://f0_up/;
        }
    }""" % (http, PROVIDER, FIRST, BASE, KEYS, f0, ROOT)


def post(marker, key="flood", path="/chat/completions", headers=(), **more):
    c = Client()
    c.post(chat("<<say?%s>>" % marker, **more), path=BASE + path,
           key="key-of-" + key, headers=headers)
    return c


def ends(server, n, patience=5):
    """What the access log says of turns, once there are |n|."""
    path = os.path.join(server.folder, "logs", "ends.log")
    until = time.monotonic() + patience * SLOW
    while True:
        with open(path) as f:
            lines = [x.split() for x in f.read().split("\n") if x]
        if len(lines) >= n or time.monotonic() > until:
            return lines
        time.sleep(0.02)


def good(c, text=b"done"):
    status, _, body = c.answer()
    c.close()
    return status == 200 and text in body and body.endswith(b"[DONE]\n\n")


# ---- workers

server = Server("workers", workers=2, whole=configuration(
    "f0_turns 2 queue=200 wait=60s;"))
turns = [post("wait=150&text=done&id=many") for _ in range(16)]
check(all(good(c) for c in turns), "two workers: all have their turn")
pids = {line[0] for line in ends(server, 16)}
check(len(pids) == 2, "two workers: both of them serve", pids)

# A worker that is killed has two places, and turns that wait.
before = server.workers()
held = [post("wait=60000&id=killed") for _ in range(8)]
asked("killed", 2)
server.killed = True
for pid in before:
    os.kill(pid, signal.SIGKILL)
began = time.monotonic()
c = post("text=done&id=after")
check(good(c), "killed workers: their places are free")
check(time.monotonic() - began < 5 * SLOW, "killed workers: within 5 s",
      time.monotonic() - began)
for h in held:
    h.close()

# Workers of the old configuration wait on, and wake those of the new one.
running = [post("wait=1500&text=done&id=reload") for _ in range(2)]
asked("reload", 2)
waiting = [post("text=done&id=waits") for _ in range(4)]
time.sleep(0.3 * SLOW)
old = set(server.workers())
server.signal(signal.SIGHUP)
until = time.monotonic() + 5 * SLOW
while set(server.workers()) <= old and time.monotonic() < until:
    time.sleep(0.02)
time.sleep(0.3 * SLOW)
late = [post("text=done&id=late") for _ in range(4)]
check(all(good(c) for c in running), "reload: those that run end well")
check(all(good(c) for c in waiting), "reload: those that waited are let in")
check(all(good(c) for c in late), "reload: newcomers behind them too")
until = time.monotonic() + 5 * SLOW
while set(server.workers()) & old and time.monotonic() < until:
    time.sleep(0.02)
check(not set(server.workers()) & old, "reload: the old workers leave")

# Quit: whoever waits is served.
running = [post("wait=800&text=done&id=quit") for _ in range(2)]
asked("quit", 2)
waiting = [post("text=done&id=quits") for _ in range(3)]
time.sleep(0.3 * SLOW)
server.signal(signal.SIGQUIT)
check(all(good(c) for c in running + waiting), "quit: all turns are served")
server.stop()


# ---- a storm: half of them leave, wherever they are, workers come and go

random.seed(7)
server = Server("storm", workers=2, whole=configuration(
    "f0_turns 4 queue=400 wait=60s; f0_limit_zone $f0_key zone=team:64k;",
    "f0_limit zone=team concurrent=3 queue=400 wait=60s;"))
server.killed = True
turns, served = [], 0
for n in range(300):
    turns.append(post("wait=%d&text=done&id=storm" % random.randrange(30),
                      key=random.choice(NAMES)))
    if n % 3 == 0:
        turns.pop(random.randrange(len(turns))).close()
    if n % 100 == 60:
        server.signal(signal.SIGHUP)
    if n == 200:
        time.sleep(0.5 * SLOW)
        os.kill(server.workers()[-1], signal.SIGKILL)
for c in turns:
    try:
        served += good(c)
    except OSError:
        pass                            # of the worker that was killed
check(served > 100, "storm: who stays is served", served)
running = [post("wait=%d&text=done&id=calm" % (1000 * SLOW), key=n)
           for n in NAMES[:4]]
check(len(asked("calm", 4)) == 4, "storm: all places are free again")
late = post("text=done&id=calm-late")
time.sleep(0.3 * SLOW)
check(not provider("wait", id="calm-late", n=1, seconds=0),
      "storm: and no more than these")
check(all(good(c) for c in running + [late]), "storm: they are served")
server.stop()


# ---- keys take turns

server = Server("fair", whole=configuration("f0_turns 1 queue=200 wait=60s;"))
first = post("wait=%d&text=done&id=fair" % (600 * SLOW))
asked("fair", 1)
flood = []
for _ in range(30):
    flood.append(post("wait=20&text=done&id=fair"))
time.sleep(0.2 * SLOW)
light = [post("wait=20&text=done&id=fair", key=n) for n in NAMES[1:]]
heavy = [post("wait=20&text=done&id=fair", key="heavy") for _ in range(9)]
check(good(first) and all(good(c) for c in flood + light + heavy),
      "keys: all are served")
order = [line[3] for line in ends(server, 49)][1:]
check(set(NAMES[1:]) <= set(order[:15]), "keys: light ones do not wait for a "
      "flood", order[:20])
check(order[:17].count("heavy") >= 2 * order[:17].count("flood"),
      "keys: a weight of 3 has more turns", order[:17])
server.stop()


# ---- what is told, and the places of those that leave

RECORDS = os.path.join(FOLDER, "records")
os.makedirs(RECORDS, mode=0o700, exist_ok=True)
server = Server("told", whole=configuration(
    "f0_limit_zone $f0_key zone=team:1m;",
    "f0_limit zone=team concurrent=1 queue=3 wait=8s; f0_keepalive 1s;"
    " f0_record %s;" % RECORDS))


def told(name, want, path="/chat/completions", **more):
    running = post("wait=2500&text=done&id=%s" % name)
    asked(name, 1)
    a = post("text=done&id=%s-a" % name, path=path, **more)
    b = post("text=done&id=%s-b" % name, path=path, **more)
    check(good(running), name + ": the first one")
    for c, position in (a, 1), (b, 2):
        status, _, body = c.answer()
        c.close()
        check(status == 200 and b"done" in body, name + ": it is served", body)
        for word in want(position):
            check(re.search(word, body), "%s: place %d is told" % (name, position),
                  body[:600])
    return body


body = told("chat", lambda n: [rb": queued %d of 2(, about \d+ s)?\n\n" % n])
check(len(re.findall(rb": queued ", body)) <= 3, "chat: once a second at most",
      body)
told("messages", lambda n: [rb": queued %d of 2" % n, rb"event: ping"],
     path="/messages", max_tokens=99)
told("agent", lambda n: [rb'event: f0.progress\ndata: .*"stage":"queued","n":%d,'
                         rb'"of":2' % n], model="agent",
     headers=["X-F0-Stream: progress=event"])

# JSON hears nothing, and who waits too long has a 429.
running = post("wait=9500&text=done&id=over")
asked("over", 1)
silent = post("text=done&id=silent", stream=False)
began = time.monotonic()
gone = [post("text=done&id=gone") for _ in range(2)]
time.sleep(0.3 * SLOW)
full = post("text=done&id=full", stream=False)
status, headers, body = full.answer()
check(status == 429 and headers.get("retry-after", "0").isdigit()
      and int(headers["retry-after"]) >= 1
      and json.loads(body)["error"]["code"] == "rate_limit_exceeded",
      "a full queue: 429", (status, headers, body))
for c in gone:
    c.close()
time.sleep(0.3 * SLOW)
again = [post("text=done&id=again", stream=False) for _ in range(2)]
time.sleep(0.3 * SLOW)
check(len(ends(server, 0)) and not any(a.data for a in again),
      "who leaves makes room for others")
status, _, body = silent.answer()
check(status == 429 and time.monotonic() - began > 7, "waited too long: 429",
      (status, body))
for c in again + [running]:
    c.close()
cut = 0
for name in os.listdir(RECORDS):
    with open(os.path.join(RECORDS, name), "rb") as f:
        cut += f.read().endswith(b"it waited in a queue")
check(cut >= 6, "a recording ends where its turn waits", cut)
line = [x for x in ends(server, 3) if x[2] == "queue"]
check(len(line) >= 2 and all(x[1] == "429" for x in line),
      "$f0_end is queue", line)
server.stop()


# ---- what they cost

server = Server("many", whole=configuration(
    "f0_turns 1 queue=2000 wait=60s;", "f0_keepalive 30s;"), main="")
running = post("wait=60000&id=cost")
asked("cost", 1)
many = [post("text=done&id=cost-w", stream=False) for _ in range(400)]
time.sleep(2 * SLOW)
used = server.cpu()
time.sleep(4)
used = server.cpu() - used
check(used <= 0.05 * SLOW, "400 turns that wait take no time", used)
for c in many + [running]:
    c.close()
c = post("text=done&id=cost-last")
check(good(c), "all of them gone: the next one is served at once")
server.stop()

done()
