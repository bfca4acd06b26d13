#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# A second nginx at its defaults (proxy_buffering on) as the TLS terminator in
# front: each chunk arrives when it was made, a client's abort reaches the
# provider.

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, FOLDER, SLOW, Client, Server, asked, chat, \
    check, done

cert, key = (os.path.join(FOLDER, n) for n in ("tls.crt", "tls.key"))
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-keyout", key, "-out", cert],
               check=True, stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL)

back = Server("back")
front = Server("front", port=FIRST + 4, whole="""
    server {
        listen 127.0.0.1:%d ssl http2;
        ssl_certificate %s;
        ssl_certificate_key %s;
        location / {
            proxy_pass http://127.0.0.1:%d;
        }
    }""" % (FIRST + 4, cert, key, FIRST))

c = Client(FIRST + 4, tls=True)
c.post(chat("<<say?text=one%20two%20three%20four&gap=300>>"))
began = time.monotonic()
times = [c.until(word) for word in (b"one", b"two", b"three", b"four")]
gaps = [b - a for a, b in zip(times, times[1:])]
check(all(0.15 / SLOW < g < 0.6 * SLOW for g in gaps),
      "each chunk when it was made",
      gaps)
c.until(b"[DONE]")
c.close()

for state, marker, text in (
        ("before the head", "say?wait=60000&id=w", None),
        ("in the stream", "say?text=one%20two&stop=1&id=s", b"one")):
    c = Client(FIRST + 4, tls=True)
    c.post(chat("<<%s>>" % marker))
    if text:
        c.until(text)
    asked(marker[-1])
    time.sleep(0.1 * SLOW)
    left = time.monotonic()
    c.close()
    rows = asked(marker[-1], 1, "closed", 3)
    took = rows[0]["closed"] - left if rows and rows[0]["closed"] else None
    check(took is not None and took < 0.2 * SLOW,
          "an abort %s reaches the provider" % state, took)

# curl speaks HTTP/2 by ALPN.
out = subprocess.run(
    ["curl", "-sk", "--http2", "-m", str(20 * SLOW), "-w", "%{http_version}",
     "https://127.0.0.1:%d/api/openai_compat/v1/chat/completions"
     % (FIRST + 4), "-H", "Authorization: Bearer f0-test-key", "-H",
     "Content-Type: application/json", "-d", chat("<<say>>")],
    capture_output=True, check=False).stdout
check(out.endswith(b"data: [DONE]\n\n2"), "HTTP/2 and TLS in front", out[-80:])

done()
