#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# What workers know of providers together: over a reload that names them in
# another order, and when the worker is killed whose probe is out.

import os
import signal
import socketserver
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, FIRST, KEY, ROOT, SLOW, Client, Server, chat, check, done

TEXT = ('data: {"choices":[{"index":0,"delta":{"content":"from %s"}}]}\n\n'
        'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
        'data: [DONE]\n\n')


class Provider(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, name, port):
        super().__init__(("127.0.0.1", port), Call)
        self.name, self.asked, self.does = name, 0, "answer"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass                            # nginx was killed


class Call(socketserver.StreamRequestHandler):
    def handle(self):
        length = 0
        while True:
            line = self.rfile.readline().strip().lower()
            if not line:
                break
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.rfile.read(length)
        p = self.server
        p.asked += 1
        if p.does == "hang":
            self.rfile.read(1)
        elif p.does == "fail":
            self.wfile.write(b"HTTP/1.1 500 No\r\nConnection: close\r\n"
                             b"Content-Length: 2\r\n\r\n{}")
        else:
            self.wfile.write(("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                              "Content-Type: text/event-stream\r\n\r\n"
                              + TEXT % p.name).encode())


a, b = Provider("a", FIRST + 5), Provider("b", FIRST + 6)


def configuration(names, params):
    lines = ["f0_zone f0:1m;"]
    for n in names:
        lines.append("f0_provider %s openai /_f0/%s/ %s;" % (n, n, params))
    lines.append("f0_model f0-code-agent { retry off; try a x; try b x; }")
    lines.append("server { listen 127.0.0.1:%d reuseport; location %s/ { f0 on;"
                 " f0_keys env:F0_TEST_KEY; }" % (FIRST, BASE))
    for n, p in (("a", a), ("b", b)):
        lines.append("location /_f0/%s/ { internal; include"
                     " %s/conf/f0_provider.conf; proxy_pass http://127.0.0.1:%d/; }"
                     % (n, ROOT, p.server_address[1]))
    return "\n".join(lines + ["}"])


def ask():
    """Who answered."""
    c = Client()
    c.post(chat("hello"), key=KEY)
    body = c.answer()[2]
    c.close()
    return "a" if b"from a" in body else "b" if b"from b" in body else body


def until(what, seconds=5):
    end = time.monotonic() + seconds * SLOW
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    return what()


server = Server("order", workers=2,
                whole=configuration("ab", "fails=2 cool=60s"))
a.does = "fail"
check([ask() for _ in range(12)] == ["b"] * 12 and a.asked == 2,
      "two workers: the second failure is the last ask", a.asked)
with open(server.conf) as f:
    text = f.read()
with open(server.conf, "w") as f:
    f.write(text.replace(configuration("ab", "fails=2 cool=60s"),
                         configuration("ba", "fails=2 cool=60s")))
old = set(server.workers())
server.signal(signal.SIGHUP)
check(until(lambda: server.workers() and not old & set(server.workers())),
      "reload: the workers are new ones")
check([ask() for _ in range(12)] == ["b"] * 12 and a.asked == 2,
      "reload: each provider has what was known of it", a.asked)
server.stop()

a.asked, a.does = 0, "fail"
server = Server("probe", workers=2,
                whole=configuration("ab", "fails=1 cool=300ms"))
server.killed = True
check(ask() == "b" and a.asked == 1, "it fails", a.asked)
a.does = "hang"
time.sleep(0.4)
probe = Client()
probe.post(chat("hello"), key=KEY)
check(until(lambda: a.asked == 2), "a probe goes out", a.asked)
check([ask() for _ in range(6)] == ["b"] * 6 and a.asked == 2,
      "all others go elsewhere meanwhile", a.asked)
a.does = "answer"
for pid in server.workers():
    os.kill(pid, signal.SIGKILL)
probe.close()
began = time.monotonic()
check(until(lambda: ask() == "a") and time.monotonic() - began < 5 * SLOW,
      "its worker is killed: another one probes")
check([ask() for _ in range(6)] == ["a"] * 6, "and closes the breaker")
server.stop()

done()
