# Copyright (C) 2026 The f0 authors
#
# An nginx with f0 in front of the scripted provider in the role of each vendor.

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from scenario import BASE, PROVIDER, ROOT, Server           # noqa: E402

DIALECTS = ("openai", "anthropic", "gemini", "ollama", "responses")


def server(name, port, models, keepalive="200ms"):
    """|models|: (id, dialect); each is passed on under its own name."""
    lines = ["f0_provider %s %s /_f0/up/;" % (d, d) for d in DIALECTS]
    lines += ["f0_model %s { mode proxy; retry off; try %s; }" % m for m in models]
    return Server(name, port=port, whole="""
    %s
    upstream f0_up { server 127.0.0.1:%d; keepalive 16; }
    log_format f0 "$request_uri $status $f0_end $f0_dropped";
    access_log logs/f0.log f0;
    server {
        listen 127.0.0.1:%d;
        include %s/conf/f0_server.conf;
        location %s/ {
            f0 on;
            f0_keys env:F0_TEST_KEY;
            f0_keepalive %s;
            f0_first_byte_timeout 10m;
            f0_idle_timeout 10m;
        }
        location /_f0/up/ {
            internal;
            include %s/conf/f0_provider.conf;
            proxy_pass http://f0_up/;
        }
    }""" % ("\n    ".join(lines), PROVIDER, port, ROOT, BASE, keepalive, ROOT))
