#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# client_max_body_size: f0's own default where nothing is written, what is
# written else, nginx's own default among it.

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, FIRST, PROVIDER, ROOT, Client, Server, chat, \
    check, done

MB = 1024 * 1024

# name, what stands in http, in server, in the location and where, the limit
CASES = (
    ("nothing is written", "", "", "%s", 32 * MB),
    ("1m in the server", "", "client_max_body_size 1m;", "%s", MB),
    ("1m in http", "client_max_body_size 1m;", "", "%s", MB),
    ("1m in the location, behind f0", "", "",
     "%s client_max_body_size 1m;", MB),
    ("1m in the location, before f0", "", "",
     "client_max_body_size 1m; %s", MB),
    ("2m in the location, 1m in the server", "", "client_max_body_size 1m;",
     "client_max_body_size 2m; %s", 2 * MB),
    ("2m in http, 1m in the server", "client_max_body_size 2m;",
     "client_max_body_size 1m;", "%s", MB),
)


def ask(size):
    """(status, body) of a request of about |size| bytes."""
    c = Client()
    try:
        c.post(chat("<<say>>" + "x" * (size - 200)))
    except OSError:
        pass                            # refused before all was sent
    status, _, body = c.answer()
    c.close()
    return status, body[-200:]


for number, (name, http, server, location, limit) in enumerate(CASES):
    s = Server("nginx%d" % number, whole="""
    %s
    f0_provider up openai /_f0/up/;
    f0_model f0-code-agent { mode chat; try up; }
    server {
        listen 127.0.0.1:%d;
        include %s/conf/f0_server.conf;
        location %s/ { %s }
        location /_f0/up/ {
            internal;
            include %s/conf/f0_provider.conf;
            proxy_pass http://127.0.0.1:%d/;
        }
        %s
    }""" % (http, FIRST, ROOT, BASE,
            location % "f0 on; f0_keys env:F0_TEST_KEY;", ROOT, PROVIDER,
            server))
    status, body = ask(limit)
    check(status == 200 and body.endswith(b"[DONE]\n\n"),
          "%s: just below the limit" % name, (status, body))
    status, body = ask(limit + 4096)
    check(status == 413 and b"%d bytes" % limit in body,
          "%s: above it" % name, (status, body))
    s.stop()

done()
