#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Providers behind TLS: the README's configuration as it stands there, each way
# of "make run", certificates that are right, expired, of another name, of
# another CA.

import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, FIRST, FOLDER, KEY, PROVIDER, ROOT, SLOW, Client, \
    Server, asked, chat, check, done

CERTS = os.path.join(FOLDER, "certs")
PUBLIC = ("api.openai.com", "api.anthropic.com",
          "generativelanguage.googleapis.com")
NAMES = ("provider.test", "localhost") + PUBLIC


# ---- certificates of a CA of our own


def openssl(*argv, text=None):
    subprocess.run(["openssl", *argv], check=True, cwd=CERTS, input=text,
                   text=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def key_and_request(name, common):
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=" + common, "-keyout", name + ".key", "-out", name + ".csr")


def certificate(name, names, begin="20240101000000Z", end="20991231000000Z"):
    """NAME.crt and NAME.key, signed by the CA."""
    key_and_request(name, names[0])
    with open(os.path.join(CERTS, "ca.conf"), "w") as f:
        f.write("[ca]\ndefault_ca = d\n[d]\nnew_certs_dir = .\n"
                "database = index\nserial = serial\ndefault_md = sha256\n"
                "policy = p\nunique_subject = no\nx509_extensions = x\n"
                "[p]\ncommonName = supplied\n[x]\n"
                "basicConstraints = CA:false\nsubjectAltName = %s\n"
                % ",".join("DNS:" + n for n in names))
    openssl("ca", "-batch", "-notext", "-config", "ca.conf", "-cert", "ca.crt",
            "-keyfile", "ca.key", "-startdate", begin, "-enddate", end,
            "-in", name + ".csr", "-out", name + ".crt")


def authority(name, common):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650",
            "-subj", "/CN=" + common, "-keyout", name + ".key",
            "-out", name + ".crt")


def certificates():
    os.makedirs(CERTS)
    open(os.path.join(CERTS, "index"), "w").close()
    with open(os.path.join(CERTS, "serial"), "w") as f:
        f.write("01\n")
    authority("ca", "f0 test CA")
    authority("other", "another CA")
    certificate("good", NAMES)
    certificate("expired", NAMES, end="20240201000000Z")
    certificate("wrong", ("elsewhere.test",))


def cert(name):
    return os.path.join(CERTS, name)


# ---- the provider behind TLS: one port for each certificate


TLS = {"good": FIRST + 5, "expired": FIRST + 6, "wrong": FIRST + 7}


def tls_provider():
    servers = "".join("""
    server {
        listen 127.0.0.1:%d ssl;
        ssl_certificate %s.crt;
        ssl_certificate_key %s.key;
        location / {
            client_max_body_size 0;
            proxy_buffering off;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Seen-Name $ssl_server_name;
            proxy_pass http://127.0.0.1:%d;
        }
    }""" % (port, cert(name), cert(name), PROVIDER)
                      for name, port in TLS.items())
    return Server("tls", port=TLS["good"], whole=servers)


def headers_of(tag):
    rows = asked(tag)
    return {k.lower(): v for k, v in rows[0]["headers"]} if rows else {}


# ---- the README's configuration


def readme_block():
    with open(os.path.join(ROOT, "README.md")) as f:
        text = f.read()
    found = [b for b in re.findall(r"```nginx\n(.*?)```", text, re.S)
             if "load_module" in b]
    return found[0] if len(found) == 1 else ""


def readme_nginx(name, port):
    """The block as it stands there: only files, ports and where the names lead
    are another machine's."""
    folder = os.path.join(FOLDER, name)
    os.makedirs(os.path.join(folder, "logs"))
    for conf in os.listdir(os.path.join(ROOT, "conf")):
        shutil.copy(os.path.join(ROOT, "conf", conf), folder)
    with open(os.path.join(folder, "f0.keys"), "w") as f:
        f.write("alice %s\n" % KEY)
    os.chmod(os.path.join(folder, "f0.keys"), 0o600)
    block = readme_block()
    module = os.environ["F0_TEST_MODULE"]
    for what, by in (
            (r"load_module .*?;", "load_module %s;" % module if module else ""),
            (r"\n( *)listen 443 ssl.*?;", "\n    listen 127.0.0.1:%d ssl;"
             "\n    ssl_certificate %s.crt;\n    ssl_certificate_key %s.key;"
             "\n    access_log off;" % (port, cert("good"), cert("good"))),
            (r"/etc/nginx/f0.keys", "f0.keys"),
            (r"server api\.anthropic\.com:443;",
             "server 127.0.0.1:%d;" % TLS["good"]),
            (r"/etc/ssl/certs/ca-certificates.crt", cert("ca.crt"))):
        block, n = re.subn(what, by, block)
        check(n >= 1, "the README's block has %s" % what)
    user = "user root root;\n" if os.geteuid() == 0 else ""
    with open(os.path.join(folder, "nginx.conf"), "w") as f:
        f.write(block + user + "daemon off;\npid logs/nginx.pid;\n"
                "events { worker_connections 64; }\n")
    return folder


def readme():
    port = FIRST + 8
    folder = readme_nginx("readme", port)
    nginx = os.environ.get("F0_TEST_NGINX", "nginx")
    argv = [nginx, "-p", folder, "-c", os.path.join(folder, "nginx.conf"),
            "-e", os.path.join(folder, "logs", "error.log")]
    env = dict(os.environ, ANTHROPIC_API_KEY="sk-ant-test-of-the-readme")
    test = subprocess.run(argv + ["-t"], env=env, capture_output=True,
                          text=True, check=False)
    if not check(test.returncode == 0, "nginx -t of the README's block",
                 test.stderr[-400:]):
        return
    process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        for _ in range(200 * SLOW):
            try:
                c = Client(port, tls=True)
                break
            except OSError:
                time.sleep(0.05)
        c.post(chat("<<say?id=readme>>"))
        status, _, body = c.answer()
        check(status == 200 and body.endswith(b"data: [DONE]\n\n")
              and b"Hello" in body, "the README's block serves a turn",
              (status, body[-200:]))
        seen = headers_of("readme")
        check(seen.get("x-api-key") == "sk-ant-test-of-the-readme",
              "with the secret", seen)
        check(seen.get("x-seen-name") == "api.anthropic.com"
              and seen.get("host") == "api.anthropic.com",
              "under the provider's name", seen)
        check(seen.get("accept-encoding") == "identity",
              "asked for an answer that is not compressed", seen)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20 * SLOW)


# ---- certificates that are refused


def refusals():
    for name, ca, words in (
            ("good", "ca", None),
            ("expired", "ca", "certificate has expired"),
            ("wrong", "ca", "does not match"),
            ("good", "other", "certificate verify error")):
        s = Server("f0-%s-%s" % (name, ca), up="""
            proxy_ssl_name provider.test;
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate %s.crt;
            proxy_pass https://f0_tls/;""" % cert(ca), http="""
            upstream f0_tls { server 127.0.0.1:%d; keepalive 4; }"""
                   % TLS[name])
        what = "a certificate: %s, %s" % (name, ca)
        for stream in (True, False):
            c = Client()
            tag = "%s-%s-%s" % (name, ca, stream)
            c.post(chat("<<say?id=%s>>" % tag, stream))
            status, headers, body = c.answer()
            c.close()
            if words is None:
                check(status == 200 and b"Hello" in body, what, body)
                check(headers_of(tag).get("x-seen-name") == "provider.test",
                      "the name is asked for")
                continue
            check(status == 502
                  and headers.get("content-type") == "application/json"
                  and b"its certificate was not accepted" in body
                  and b'"code":"upstream_error"' in body,
                  "%s is refused, and the client reads it" % what,
                  (status, body))
            check(not asked(tag, 1, seconds=0), "nothing was sent there")
        log = [x for x in s.lines() if "[error]" in x and words
               and words in x]
        check(bool(log) or words is None, "%s: the log says why" % what)
        s.stop()


def no_tls_there():
    s = Server("f0-plain", up="proxy_ssl_name provider.test;"
               "proxy_pass https://127.0.0.1:%d/;" % FIRST)
    c = Client()
    c.post(chat("<<say>>"))
    status, _, body = c.answer()
    check(status == 502 and b"secure connection" in body,
          "a provider that speaks no TLS", (status, body))
    s.stop()


def large_head():
    s = Server("f0-head")
    for size, good in ((12000, True), (30000, False)):
        c = Client()
        c.post(chat("<<say?header=X-Large:%%2520%s>>" % ("x" * size)))
        status, _, body = c.answer()
        c.close()
        check((status == 200 and body.endswith(b"[DONE]\n\n")) if good else
              (status == 502 and b"response headers are larger" in body),
              "response headers of %d bytes" % size, (status, body[-200:]))
    s.stop()


# ---- make run


RESOLVE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>

/* the public APIs' names lead to this machine */
int
getaddrinfo(const char *node, const char *service,
    const struct addrinfo *hints, struct addrinfo **res)
{
    int (*real)(const char *, const char *, const struct addrinfo *,
                struct addrinfo **);

    real = dlsym(RTLD_NEXT, "getaddrinfo");

    if (node && (strstr(node, "api") || strstr(node, ".test"))) {
        node = "127.0.0.1";
    }

    return real(node, service, hints, res);
}
"""


def resolver():
    source, lib = cert("resolve.c"), cert("resolve.so")
    with open(source, "w") as f:
        f.write(RESOLVE)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", lib, source, "-ldl"],
                   check=True)
    return lib


class Run:
    """make run, until it says that it is ready."""

    def __init__(self, port, **env):
        self.port, self.out = port, cert("run.log")
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith(("F0_", "MAKE", "MFLAGS"))}
        clean.update(env, F0_PORT=str(port), F0_EXT_API_KEY=KEY)
        with open(self.out, "wb") as out:
            self.process = subprocess.Popen(
                ["make", "-s", "run", "BUILD=" + os.environ["BUILD"]],
                cwd=ROOT, env=clean, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True)
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            if "Ctrl-C" in self.text():
                break
            time.sleep(0.05)
        self.ready = "f0: ready: http" in self.text()

    def text(self):
        with open(self.out, errors="replace") as f:
            return f.read()

    def ask(self, tag, stream=True):
        c = Client(self.port)
        c.post(chat("<<say?id=%s>>" % tag, stream))
        try:
            return c.answer()
        finally:
            c.close()

    def log(self):
        path = os.path.join(os.environ["BUILD"], "run-%d" % self.port,
                            "error.log")
        with open(path, errors="replace") as f:
            return f.read()

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(30)
        shutil.rmtree(os.path.join(os.environ["BUILD"],
                                   "run-%d" % self.port), True)


def make_run():
    port, ca = FIRST + 10, cert("ca.crt")
    good = "https://localhost:%d" % TLS["good"]
    preload = {"LD_PRELOAD": resolver()}

    for tag, env in (
            ("openai", {"F0_UPSTREAM": good}),
            ("model", {"F0_UPSTREAM": good + "/v1", "F0_UPSTREAM_MODEL": "m",
                       "F0_UPSTREAM_KEY": "sk-of-the-operator"}),
            ("anthropic", {"F0_UPSTREAM": good, "F0_DIALECT": "anthropic"}),
            ("gemini", {"F0_UPSTREAM": good, "F0_DIALECT": "gemini"}),
            ("ollama", {"F0_UPSTREAM": good, "F0_DIALECT": "ollama"}),
            ("tls", {"F0_UPSTREAM": good, "F0_TLS_PORT": str(port + 1)}),
            ("name", dict(preload, F0_UPSTREAM="https://provider.test:%d"
                          % TLS["good"]))):
        run = Run(port, F0_UPSTREAM_CA=ca, **env)
        if check(run.ready, "make run, https: " + tag, run.text()[-600:]):
            status, _, body = run.ask("run-" + tag)
            check(status == 200 and b"Hello" in body,
                  "it serves a turn: " + tag, (status, body[-200:]))
            seen = headers_of("run-" + tag)
            want = "provider.test" if tag == "name" else "localhost"
            check(seen.get("x-seen-name") == want, "under that name", seen)
            if tag == "model":
                check(seen.get("authorization")
                      == "Bearer sk-of-the-operator", "with its key", seen)
        run.stop()

    for name in ("expired", "wrong"):
        run = Run(port, F0_UPSTREAM="https://localhost:%d" % TLS[name],
                  F0_UPSTREAM_CA=ca)
        if check(run.ready, "make run, %s" % name, run.text()[-600:]):
            status, _, body = run.ask("run-" + name, False)
            check(status == 502 and b"certificate was not accepted" in body,
                  "%s is refused" % name, (status, body))
            check("certificate" in run.log(), "and the log says so")
        run.stop()

    # The system's CAs do not know ours.
    run = Run(port, F0_UPSTREAM=good)
    if check(run.ready, "make run without F0_UPSTREAM_CA", run.text()[-600:]):
        status, _, body = run.ask("run-system", False)
        check(status == 502 and b"certificate was not accepted" in body,
              "an unknown CA is refused", (status, body))
    run.stop()

    run = Run(port, F0_UPSTREAM=good, F0_UPSTREAM_CA="/no/such/file")
    check(not run.ready and "F0_UPSTREAM_CA" in run.text(),
          "a CA file that is not there", run.text()[-600:])
    run.stop()

    for dialect in ("openai", "anthropic", "gemini"):
        run = Run(port, F0_DIALECT=dialect, **preload,
                  **{dialect.upper() + "_API_KEY": "sk-public-key"})
        check(run.ready, "make run, the public API of %s starts" % dialect,
              run.text()[-600:])
        run.stop()


certificates()
tls_provider()
readme()
refusals()
no_tls_there()
large_head()

# It builds and starts as people do: not once more under memcheck.
if SLOW == 1:
    make_run()

done()
