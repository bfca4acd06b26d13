#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# f0_record: what is in a file and what never is, which folders are taken, how
# much is written, and that no turn hears of a disk that fails.

import glob
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, FIRST, FOLDER, KEY, MODULE, NGINX, PROVIDER, ROOT, \
    SLOW, Client, H2, Server, chat, check, done

SECRET = "the-providers-secret-key"
os.environ["F0_TEST_SECRET"] = SECRET
BUILD = os.environ["BUILD"]
REPLAY = os.path.join(BUILD, "unit", "test_replay")


def folder(name, mode=0o700):
    path = os.path.join(FOLDER, name)
    shutil.rmtree(path, ignore_errors=True)
    os.mkdir(path)
    os.chmod(path, mode)
    return path


def number(data, at):
    n = shift = 0
    while True:
        n |= (data[at] & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return n, at


def entries(path):
    """[(kind, time, bytes)]"""
    with open(path, "rb") as f:
        data = f.read()
    head = b"f0 recording 1\n"
    assert data.startswith(head), data[:40]
    at, found = len(head), []
    while at < len(data):
        kind = chr(data[at])
        when, at = number(data, at + 1)
        size, at = number(data, at)
        found.append((kind, when, data[at:at + size]))
        assert len(found[-1][2]) == size
        at += size
    return found


def kinds(path):
    return "".join(e[0] for e in entries(path))


def files(path, n, ended="zx"):
    """All recordings, once there are |n| that have an end."""
    until = time.monotonic() + 10 * SLOW
    while True:
        names = sorted(glob.glob(os.path.join(path, "*")))
        try:
            if len(names) >= n and all(kinds(x)[-1] in ended for x in names):
                return names
        except (AssertionError, IndexError):
            pass
        if time.monotonic() > until:
            return names
        time.sleep(0.02)


def clear(path):
    for name in os.listdir(path):
        os.unlink(os.path.join(path, name))


def ask(body, port=FIRST, path=BASE, headers=()):
    c = Client(port)
    c.post(body, path + "/chat/completions", headers)
    answer = c.answer()
    c.close()
    return answer


def replays(names, text):
    r = subprocess.run([REPLAY, *names], cwd=ROOT, stdin=subprocess.DEVNULL,
                       env=dict(os.environ, REPLAYS="60"), check=False,
                       capture_output=True)
    check(r.returncode == 0, text, r.stdout + r.stderr)


made = subprocess.run(["make", "-s", "BUILD=" + BUILD, REPLAY], cwd=ROOT,
                      stdin=subprocess.DEVNULL, capture_output=True,
                      check=False)
check(made.returncode == 0, "the program that plays recordings", made.stderr)


# ---- what is in a file

here = folder("recordings")
other = folder("other")

EXTRA = """
        location /off%s/ { f0 on; f0_keys env:F0_TEST_KEY; f0_record off; }
        location /other%s/ { f0 on; f0_keys env:F0_TEST_KEY; f0_record %s; }
        location /_f0/echo/ {
            internal;
            include %s/conf/f0_provider.conf;
            proxy_set_header x-api-key $f0_secret_up;
            proxy_pass http://127.0.0.1:%d/s/%%s!/;
        }""" % (BASE, BASE, other, ROOT, PROVIDER)
HTTP = """
    f0_record %s;
    f0_secret up env:F0_TEST_SECRET;
    f0_provider echo openai /_f0/echo/;
    f0_model echo { mode chat; try echo m; }
    """ % here
UP = "proxy_set_header x-api-key $f0_secret_up; proxy_pass http://f0_up/;"
MAIN = "env F0_TEST_SECRET;"

os.umask(0)
server = Server("record", http=HTTP, main=MAIN, up=UP,
                listen="listen 127.0.0.1:%d; listen 127.0.0.1:%d http2;"
                % (FIRST, FIRST + 5),
                server=EXTRA % ("say%%3Ftext=it%%20is%%20%s%%20!&size=5"
                                % SECRET))

status, _, body = ask(
    chat("<<say?text=one%20two&header=Set-Cookie:a=provider-cookie"
         "&header=X-Api-Key:provider-key&header=X-Auth-Token:provider-token"
         "&header=X-RateLimit-Remaining-Tokens:17>>"),
    headers=["Cookie: session=a-cookie-of-the-client", "X-F0-Stream: x=y"])
names = files(here, 1)
check(status == 200 and len(names) == 1, "a turn is a file", names)
info = os.stat(names[0])
check(stat.S_IMODE(info.st_mode) == 0o600, "of mode 0600", oct(info.st_mode))
first = json.loads(body.split(b"\n")[0][6:])
check(os.path.basename(names[0])
      == first["id"].removeprefix("chatcmpl-") + ".f0r",
      "named as the answer is", names)
with open(names[0], "rb") as f:
    data = f.read()
for text in (KEY, SECRET, "Bearer", "a-cookie-of-the-client"):
    check(text.encode() not in data, "without %s" % text)
head = next(e[2] for e in entries(names[0]) if e[0] == "h").lower()
for text in (b"cookie", b"key", b"auth", b"provider"):
    check(text not in head, "and no header with %s" % text.decode(), head)
check(b"x-ratelimit-remaining-tokens\x0217" in data.lower()
      and b"one%20two" in data and b'"content": "one"' in data,
      "with headers and both bodies")
check(kinds(names[0])[:4] == "PMLL" or kinds(names[0]).startswith("PP"),
      "the configuration comes first", kinds(names[0]))
replays(names, "it replays")

clear(here)
for path, marker, stream in (("", "<<say?text=a%20b&gap=30>>", True),
                             ("", "<<say?text=a%20b>>", False),
                             ("", "<<error?status=429>>", True),
                             ("", "<<drop>>", True),
                             ("", "<<say?text=a%20b&stop=1&stopped=close>>",
                              True)):
    ask(chat(marker, stream))
ask(b"{")
ask(chat("x" * 3000000))
c = Client()
c.post(chat("<<say?text=one%20two&stop=1>>"))
c.until(b"one")
c.close()
names = files(here, 8)
check(len(names) == 8 and all(kinds(x)[-1] == "z" for x in names),
      "streams, whole answers, failures, a large request, a client that left",
      [kinds(x)[-3:] for x in names])
check(sum("c" in kinds(x) for x in names) == 1, "who left is told")
replays(names, "they replay")

# Slow clients, and many streams of one worker at once.
clear(here)
c = Client(receive_buffer=4096)
c.post(chat("<<say?text=slow%20client%20&bytes=600000&size=16384>>"))
time.sleep(0.5 * SLOW)
c.answer()
c.close()


def one(n):
    ask(chat("<<say?text=some%%20words%%20%d&n=40&gap=%d>>" % (n, n % 3)))


threads = [threading.Thread(target=one, args=(n,)) for n in range(12)]
for t in threads:
    t.start()
h = H2(FIRST + 5)
streams = [h.post(chat("<<say?text=some%20words&n=200>>")) for _ in range(3)]
for s in streams:
    h.finish(s)
h.close()
for t in threads:
    t.join()
names = files(here, 16)
check(len(names) == 16, "a slow client and many at once", len(names))
replays(names, "they replay")

# What is no turn, and where it is off.
clear(here)
ask(chat("<<say>>"), path="/off" + BASE)
c = Client()
c.send(b"GET %s/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
       b"POST %s/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
       b"\r\n{}" % (BASE.encode(), KEY.encode(), BASE.encode()))
c.answer()
c.answer()
c.close()
ask(chat("<<say>>"), path="/other" + BASE)
check(len(files(other, 1)) == 1 and not os.listdir(here),
      "off, lists and strangers leave nothing", os.listdir(here))

# A key that is said is not kept, whoever says it.
clear(other)
for name, text in (("plain", SECRET),
                   ("escaped", "".join("\\u%04x" % ord(x) for x in SECRET))):
    with open(os.path.join(FOLDER, name), "w") as f:
        f.write('data: {"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n'
                "data: [DONE]\n\n" % text)
status, _, body = ask(chat("x", model="echo"))
check(status == 200 and SECRET.encode() in body, "a provider says a secret",
      body)
ask(chat("my key is %s, is it not" % KEY))
ask(chat("<<say?text=a%%20b&header=X-Said:%s>>" % KEY))
ask(chat("x" * 100000 + KEY))

# ... nor one that JSON escapes, cut anywhere, or that only a second header had.


def escaped(key):
    return "".join("\\u%04X" % ord(x) if i % 2 else "\\/" if x == "/" else x
                   for i, x in enumerate(key))


def said(text):
    return b'{"messages":[{"role":"user","content":"%s"}]}' % text.encode()


ask(said("my key is " + escaped(KEY)))
ask(said("x" * (65536 - 60) + "-" * 11 + escaped(KEY)))
ask(chat(r'{"args":"%s"}' % escaped(KEY)))
ask(said("it is cookie\\/of+\\u00e4-client"),
    headers=["Cookie: a=b", "Cookie: c=cookie/of+\u00e4-client"])
for name in ("plain", "escaped"):
    for size in (3, 40, 77):
        ask(chat("<<raw?file=%s&size=%d>>" % (os.path.join(FOLDER, name),
                                              size)))
ask(chat("<<say?text=last>>"))
names = files(here, 1)
time.sleep(0.3 * SLOW)
names = files(here, 1)
check(len(names) == 1 and sum("is dropped" in x for x in server.lines()) == 14,
      "such turns are dropped",
      (names, sum("is dropped" in x for x in server.lines())))
with open(names[0], "rb") as f:
    check(b"last" in f.read(), "and others are not")

# The folder is gone: nobody but the log hears of it.
shutil.rmtree(here)
status, _, body = ask(chat("<<say?text=still>>"))
check(status == 200 and b"still" in body, "a disk that fails fails no turn")
ask(chat("<<say?text=still>>"))
time.sleep(0.2 * SLOW)
check(sum("openat() of recording" in x for x in server.lines()) == 2,
      "the log has it")
server.stop()


# ---- the worker ends

here = folder("recordings")
server = Server("ending", http="f0_record %s;" % here)
c = Client()
c.post(chat("<<say?text=one%20two&stop=1>>"))
c.until(b"one")
server.signal(signal.SIGTERM)
names = files(here, 1)
check(len(names) == 1 and entries(names[0])[-1][2] == b"the worker ended"
      and "d" in kinds(names[0]), "a worker that is ended writes what it has",
      [entries(x)[-1] for x in names])
server.process.wait()
server.stop()
c.close()

clear(here)
server = Server("quitting", http="f0_record %s;" % here)
c = Client()
c.post(chat("<<say?text=one%20two&gap=300>>"))
c.until(b"one")
server.signal(signal.SIGQUIT)
c.answer()
server.process.wait()
names = files(here, 1)
check(len(names) == 1 and kinds(names[0])[-1] == "z",
      "one that quits has it all", [kinds(x) for x in names])
server.stop()
c.close()


# ---- how much

MAX = 40000
here = folder("recordings")
server = Server("full", http="f0_record %s; f0_record_max 40000;" % here)
for n in range(40):
    status, _, body = ask(chat("<<say?text=one%20two>>" + "x" * 2000))
    if status != 200 or not body.endswith(b"[DONE]\n\n"):
        check(False, "a turn is served all the same", body)
time.sleep(0.3 * SLOW)
names = files(here, 1)
total = sum(os.path.getsize(x) for x in names)
check(MAX / 2 < total <= MAX, "not more than f0_record_max", total)
warnings = [x for x in server.lines() if "f0_record_max" in x]
check(len(warnings) == 1 and "[warn]" in warnings[0], "one warning", warnings)
check(all(kinds(x)[-1] in "zx" for x in names), "what was cut says so",
      [kinds(x)[-1] for x in names])

# A reload counts anew: here nothing is left of it, there all.
for emptied in (False, True):
    if emptied:
        clear(here)
    old = server.worker()
    server.signal(signal.SIGHUP)
    until = time.monotonic() + 10 * SLOW
    while old in server.workers() and time.monotonic() < until:
        time.sleep(0.05)
    before = len(os.listdir(here))
    for n in range(10):
        ask(chat("<<say?text=one%20two>>" + "x" * 2000))
    time.sleep(0.3 * SLOW)
    names = files(here, 1)
    total = sum(os.path.getsize(x) for x in names)
    check(total <= MAX and (len(names) - before == 10) == emptied,
          "after a reload, %s" % ("emptied" if emptied else "still full"),
          (total, before, len(names)))
server.stop()

here = folder("recordings")
server = Server("long", http="f0_record %s; f0_record_max 1g file=8k;" % here)
status, _, body = ask(chat("<<say?text=one%20two&n=500>>"))
names = files(here, 1)
check(status == 200 and len(names) == 1
      and os.path.getsize(names[0]) <= 8192 + 64
      and entries(names[0])[-1][2] == b"too long",
      "a long turn is cut", [entries(x)[-1] for x in names])
server.stop()


# ---- which folders

TEST = os.path.join(FOLDER, "test")
os.makedirs(os.path.join(TEST, "logs"), exist_ok=True)


def tested(directive, main=""):
    """(whether it is accepted, what nginx -t says)"""
    conf = os.path.join(TEST, "nginx.conf")
    load = "load_module %s;\n" % MODULE if MODULE else ""
    if not main:
        main = "user root root;\n" if os.geteuid() == 0 else ""
    with open(conf, "w") as f:
        f.write("%s%spid logs/nginx.pid;\nerror_log logs/error.log warn;\n"
                "events {}\nhttp {\naccess_log off;\n%s\n"
                "f0_provider up openai /_f0/up/;\n"
                "f0_model m { mode chat; try up x; }\n"
                "server { listen 127.0.0.1:%d;\n"
                "location / { f0 on; f0_keys off; }\n"
                "location /_f0/up/ { internal; proxy_pass http://127.0.0.1:1/;"
                " }\n}\n}\n" % (load, main, directive, FIRST))
    # What nginx -t leaves when the process ends is nginx's own.
    env = dict(os.environ)
    if "ASAN_OPTIONS" in env:
        env["ASAN_OPTIONS"] = env["ASAN_OPTIONS"].replace(
            "detect_leaks=1", "detect_leaks=0")
    r = subprocess.run([NGINX, "-t", "-p", TEST, "-c", conf], env=env,
                       stdin=subprocess.DEVNULL, capture_output=True,
                       check=False)
    return r.returncode == 0, r.stderr.decode()


good = folder("good")
link = os.path.join(FOLDER, "link")
plain = os.path.join(FOLDER, "plain")
if os.path.lexists(link):
    os.unlink(link)
os.symlink(good, link)
open(plain, "w").close()

for name in (good, good + "/", good + "///", "off"):
    ok, said = tested("f0_record %s;" % name)
    check(ok, "taken: %s" % name, said)
os.makedirs(os.path.join(TEST, "inner"), mode=0o700, exist_ok=True)
os.chmod(os.path.join(TEST, "inner"), 0o700)
ok, said = tested("f0_record inner;")
check(ok, "a name below the prefix", said)

for name, why in ((os.path.join(FOLDER, "nowhere"), "must be a folder"),
                  (plain, "must be a folder"),
                  (link, "no symbolic link"), (link + "/", "no symbolic link"),
                  (link + "/.", "does not name a folder"),
                  (good + "/..", "does not name a folder"),
                  ("/", "does not name a folder"),
                  (folder("group", 0o770), "others than its owner"),
                  (folder("world", 0o707), "others than its owner"),
                  (folder("sticky", 0o1777), "others than its owner")):
    ok, said = tested("f0_record %s;" % name)
    check(not ok and "[emerg]" in said and why in said,
          "refused: %s" % os.path.basename(name), said)

for text, why in (("f0_record %s; f0_record %s;" % (good, good), "duplicate"),
                  ("f0_record_max 0;", "invalid size"),
                  ("f0_record_max 1x;", "invalid size"),
                  ("f0_record_max 1g 5m;", "invalid parameter"),
                  ("f0_record_max 1g file=;", "invalid size"),
                  ("f0_record_max 1g; f0_record_max 2g;", "duplicate")):
    ok, said = tested(text)
    check(not ok and why in said and "nginx.conf:" in said,
          "refused: %s" % text.replace(FOLDER, ""), said)

if os.geteuid() == 0:
    other = folder("foreign")
    os.chown(other, 12345, 12345)
    ok, said = tested("f0_record %s;" % other)
    check(not ok and "belongs neither" in said, "refused: another's", said)
    ok, said = tested("f0_record %s;" % good, "user nobody nogroup;\n")
    check(ok and "[warn]" in said and "may not write" in said,
          "root's, with workers that are not", said)

done()
