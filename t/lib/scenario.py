# Copyright (C) 2026 The f0 authors
#
# For t/*.py: an nginx with f0 in front of the scripted provider, clients that
# see bytes and times, and checks.  tools/test starts the provider and sets the
# environment; each script ends with done().

import atexit
import json
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
FOLDER = os.environ["F0_TEST_FOLDER"]
FIRST = int(os.environ["F0_TEST_FIRST_PORT"])
PROVIDER = int(os.environ["F0_TEST_PROVIDER"])
MODULE = os.environ["F0_TEST_MODULE"]
NGINX = os.environ.get("F0_TEST_NGINX", "nginx")
KEY = os.environ["F0_TEST_KEY"]
BASE = "/api/openai_compat/v1"

# Under memcheck and sanitizers everything takes longer.
SLOW = int(os.environ.get("F0_TEST_SLOW", "1"))

counts = [0, 0]


def check(good, name, detail=""):
    counts[0 if good else 1] += 1
    print(("ok   " if good else "FAIL ") + name
          + ("" if good or not detail else ": %s" % (detail,)), flush=True)
    return good


def done():
    for server in list(Server.running):
        server.stop()
    print("%d passed, %d failed" % tuple(counts), flush=True)
    sys.exit(1 if counts[1] or not counts[0] else 0)


# ---- servers


class Server:
    """nginx with a configuration of its own, in a folder of its own."""

    running = []
    killed = False                      # workers are, by the scenario

    def __init__(self, name="nginx", model="mode chat;\ntry up up-model;",
                 f0="", up="", http="", server="", listen=None, main="",
                 whole=None, port=None, log="info", workers=1):
        self.folder = os.path.join(FOLDER, name)
        self.port = port or FIRST
        for part in ("logs", "tmp"):
            os.makedirs(os.path.join(self.folder, part), exist_ok=True)
        if "proxy_pass" not in up:
            up += "\nproxy_pass http://f0_up/;"
        text = whole or self.usual(model, f0, up, http, server,
                                   listen or "listen 127.0.0.1:%d;"
                                   % self.port)
        self.conf = os.path.join(self.folder, "nginx.conf")
        self.log = os.path.join(self.folder, "logs", "error.log")
        load = "load_module %s;\n" % MODULE if MODULE else ""
        user = "user root root;\n" if os.geteuid() == 0 else ""
        with open(self.conf, "w") as f:
            f.write("%s%sdaemon off;\npid logs/nginx.pid;\n"
                    "error_log logs/error.log %s;\nenv F0_TEST_KEY;\n"
                    "worker_processes %d;\n%s\n"
                    "events { worker_connections 2048; }\n"
                    "http {\naccess_log logs/access.log;\n"
                    "client_body_temp_path tmp/body;\n"
                    "proxy_temp_path tmp/proxy;\n%s\n}\n"
                    % (load, user, log, workers, main, text))
        open(self.log, "w").close()
        self.process = subprocess.Popen(
            [NGINX, "-p", self.folder, "-c", self.conf, "-e", self.log],
            stdin=subprocess.DEVNULL)
        Server.running.append(self)
        self.wait_ready()

    @staticmethod
    def usual(model, f0, up, http, server, listen):
        if "retry" not in model:        # calls are counted: who retries says so
            model = "retry off; " + model
        return """
    %s
    f0_provider up openai /_f0/up/;
    f0_model f0-code-agent {
        %s
    }
    upstream f0_up {
        server 127.0.0.1:%d;
        keepalive 16;
    }
    server {
        %s
        include %s/conf/f0_server.conf;
        %s
        location %s/ {
            f0 on;
            f0_keys env:F0_TEST_KEY;
            client_max_body_size 32m;
            %s
        }
        location /_f0/up/ {
            internal;
            include %s/conf/f0_provider.conf;
            %s
        }
    }""" % (http, model, PROVIDER, listen, ROOT, server, BASE, f0, ROOT, up)

    def wait_ready(self):
        until = time.monotonic() + 10 * SLOW
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        with open(self.log) as f:
            print(f.read()[-3000:])
        raise SystemExit("nginx did not start")

    def workers(self):
        path = "/proc/%d/task/%d/children" % (self.process.pid,
                                               self.process.pid)
        with open(path) as f:
            return [int(pid) for pid in f.read().split()]

    def worker(self):
        until = time.monotonic() + 5
        while not self.workers() and time.monotonic() < until:
            time.sleep(0.02)
        return self.workers()[-1]

    def rss(self):
        """kB of the worker."""
        with open("/proc/%d/status" % self.worker()) as f:
            for line in f:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        return 0

    def cpu(self):
        """Seconds that the worker has computed."""
        with open("/proc/%d/stat" % self.worker()) as f:
            words = f.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def signal(self, number):
        os.kill(self.process.pid, number)

    def stop(self, patience=10):
        """Ends it and reads its log: no line of it may be an alert."""
        if self not in Server.running:
            return
        Server.running.remove(self)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(patience * SLOW)
            except subprocess.TimeoutExpired:
                check(False, "nginx ends when asked to")
                for pid in self.workers() + [self.process.pid]:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        pass
                self.process.wait()
        bad = [line for line in self.lines()
               if ("[alert]" in line or "[emerg]" in line or "[crit]" in line)
               and not (self.killed and "exited on signal 9" in line)]
        check(not bad, "no alert in the log of %s"
              % os.path.basename(self.folder), bad[:3])

    def lines(self):
        with open(self.log, errors="replace") as f:
            return f.read().split("\n")


@atexit.register
def end_all():
    for server in list(Server.running):
        if server.process.poll() is None:
            server.process.terminate()


# ---- provider


def provider(path, **query):
    """The provider's control port; it may wait before it answers."""
    patience = 30 * SLOW + query.get("seconds", 0)
    with socket.create_connection(("127.0.0.1", PROVIDER), patience) as s:
        s.sendall(("GET /control/%s?%s HTTP/1.1\r\nHost: x\r\n\r\n"
                   % (path, urllib.parse.urlencode(query))).encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += s.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length: ")[1].split()[0])
        while len(body) < size:
            body += s.recv(65536)
    return json.loads(body)


def asked(tag, n=1, key=None, seconds=10):
    """Requests with the tag, once there are |n| (with |key| set)."""
    query = {"id": tag, "n": n, "seconds": seconds * SLOW}
    if key:
        query["key"] = key
    return provider("wait", **query)


# ---- clients


def chat(marker, stream=True, model="f0-code-agent", **more):
    return json.dumps(dict(
        {"model": model, "stream": stream,
         "messages": [{"role": "user", "content": marker}]}, **more)).encode()


class Client:
    """One HTTP/1.1 connection, bytes and times as they come."""

    def __init__(self, port=FIRST, tls=False, receive_buffer=None):
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                 receive_buffer)
        self.sock.settimeout(30 * SLOW)
        self.sock.connect(("127.0.0.1", port))
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.sock = context.wrap_socket(self.sock)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.data = b""

    def send(self, data):
        self.sock.sendall(data)

    def post(self, body, path=BASE + "/chat/completions", headers=(),
             key=KEY):
        lines = ["POST %s HTTP/1.1" % path, "Host: localhost",
                 "Authorization: Bearer " + key,
                 "Content-Type: application/json",
                 "Content-Length: %d" % len(body), *headers, "", ""]
        self.send("\r\n".join(lines).encode() + body)

    def more(self, limit=65536):
        data = self.sock.recv(limit)
        self.data += data
        return data

    def until(self, what):
        """The time when |what| was seen; None if the connection ended."""
        while what not in self.data:
            if not self.more():
                return None
        return time.monotonic()

    def answer(self):
        """(status, headers, body) of one whole answer, chunks removed."""
        self.until(b"\r\n\r\n")
        head, _, rest = self.data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        status = int(lines[0].split()[1]) if len(lines[0].split()) > 1 else 0
        if headers.get("transfer-encoding") == "chunked":
            body, self.data = self.dechunk(rest)
        elif "content-length" in headers:
            n = int(headers["content-length"])
            while len(rest) < n:
                data = self.sock.recv(65536)
                if not data:
                    break
                rest += data
            body, self.data = rest[:n], rest[n:]
        else:
            body = rest
            while True:
                data = self.sock.recv(65536)
                if not data:
                    break
                body += data
            self.data = b""
        return status, headers, body

    def dechunk(self, rest):
        body = []
        while True:
            while b"\r\n" not in rest:
                data = self.sock.recv(65536)
                if not data:
                    return b"".join(body) + b"(cut)", b""
                rest += data
            size, _, rest = rest.partition(b"\r\n")
            n = int(size, 16)
            while len(rest) < n + 2:
                data = self.sock.recv(1 << 20)
                if not data:
                    return b"".join(body) + rest + b"(cut)", b""
                rest += data
            body.append(rest[:n])
            rest = rest[n + 2:]
            if not n:
                return b"".join(body), rest

    def close(self):
        self.sock.close()


class H2:
    """Just enough HTTP/2 in clear text to send requests and see DATA."""

    def __init__(self, port=FIRST):
        self.sock = socket.create_connection(("127.0.0.1", port), 30 * SLOW)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        self.frame(4, 0, 0, struct.pack(">HI", 4, 1 << 24))
        self.frame(8, 0, 0, struct.pack(">I", 1 << 24))
        self.next, self.input, self.body, self.ended = 1, b"", {}, {}

    def frame(self, kind, flags, stream, data=b""):
        self.sock.sendall(struct.pack(">I", len(data))[1:]
                          + bytes([kind, flags]) + struct.pack(">I", stream)
                          + data)

    @staticmethod
    def literal(name, value):
        def text(s):
            s = s.encode()
            size = (bytes([len(s)]) if len(s) < 127
                    else bytes([127, len(s) - 127]))
            return size + s
        return b"\x00" + text(name) + text(value)

    def ask(self, method, path, more=(), flags=4):
        stream, self.next = self.next, self.next + 2
        block = b"".join(self.literal(*h) for h in (
            (":method", method), (":scheme", "http"), (":path", path),
            (":authority", "localhost"), *more))
        self.frame(1, flags, stream, block)
        self.body[stream] = b""
        return stream

    def get(self, path):
        return self.ask("GET", path, flags=5)

    def post(self, body, path=BASE + "/chat/completions"):
        stream = self.ask("POST", path, (
            ("authorization", "Bearer " + KEY),
            ("content-type", "application/json"),
            ("content-length", str(len(body)))))
        for at in range(0, len(body), 16384):
            self.frame(0, 0, stream, body[at:at + 16384])
        self.frame(0, 1, stream)
        return stream

    def read(self):
        while len(self.input) < 9 or len(self.input) < 9 + int.from_bytes(
                self.input[:3], "big"):
            data = self.sock.recv(65536)
            if not data:
                return False
            self.input += data
        size = int.from_bytes(self.input[:3], "big")
        kind, flags = self.input[3], self.input[4]
        stream = int.from_bytes(self.input[5:9], "big") & 0x7fffffff
        data, self.input = self.input[9:9 + size], self.input[9 + size:]
        if kind == 0:
            self.body[stream] = self.body.get(stream, b"") + data
        if kind == 4 and not flags & 1:
            self.frame(4, 1, 0)
        if kind in (0, 1) and flags & 1:
            self.ended[stream] = "end"
        if kind == 3:
            self.ended[stream] = "reset"
        return True

    def until(self, stream, what):
        while what not in self.body[stream]:
            if stream in self.ended or not self.read():
                return None
        return time.monotonic()

    def finish(self, stream):
        while stream not in self.ended and self.read():
            pass
        return self.ended.get(stream)

    def reset(self, stream):
        self.frame(3, 0, stream, struct.pack(">I", 8))

    def close(self):
        self.sock.close()
