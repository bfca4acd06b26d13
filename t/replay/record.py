#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# record.py MODULE [FIRST_PORT]: makes the recordings of this folder anew, with
# the real module, the scripted provider and the scripted model of t/lib.

import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FIRST = int(sys.argv[2]) if len(sys.argv) > 2 else 22900
FOLDER = tempfile.mkdtemp(prefix="f0-record-")

os.environ.update(F0_TEST_FOLDER=FOLDER, F0_TEST_FIRST_PORT=str(FIRST),
                  F0_TEST_PROVIDER=str(FIRST + 1), F0_TEST_KEY="f0-test-key",
                  F0_TEST_MODULE=os.path.abspath(sys.argv[1]))
sys.path.insert(0, os.path.join(ROOT, "t", "lib"))
from scenario import BASE, Client, Server, chat  # noqa: E402
from script import Answer, Model  # noqa: E402

NEW = os.path.join(FOLDER, "new")
os.mkdir(NEW, 0o700)

provider = subprocess.Popen([sys.executable,
                             os.path.join(ROOT, "t/lib/provider.py"),
                             str(FIRST + 1)], cwd=ROOT,
                            stdin=subprocess.DEVNULL)
time.sleep(0.5)
model = Model(FIRST + 7)

UPS = {"openai": ("openai", FIRST + 1), "anthropic": ("anthropic", FIRST + 1),
       "gemini": ("gemini", FIRST + 1), "ollama": ("ollama", FIRST + 1),
       "script": ("openai", FIRST + 7), "nobody": ("openai", FIRST + 9)}

server = Server("nginx", whole="""
    %s
    f0_model chat { mode chat; try openai m; }
    f0_model anthropic { mode chat; try anthropic m; }
    f0_model gemini { mode chat; try gemini m; }
    f0_model ollama { mode chat; try ollama m; }
    f0_model failover { mode chat; try nobody m; try openai m; }
    f0_model nobody { mode chat; try nobody m; }
    f0_model pieces { mode chat; try openai m stream=pieces; }
    f0_model raw { mode raw; try openai m; }
    f0_model f0-code-agent { mode agent; try script m; }
    f0_record %s;
    server {
        listen 127.0.0.1:%d;
        include %s/conf/f0_server.conf;
        location %s/ {
            f0 on;
            f0_keys env:F0_TEST_KEY;
        }
        location /slow%s/ {
            f0 on;
            f0_keys env:F0_TEST_KEY;
            f0_keepalive 300ms;
        }
        %s
    }""" % ("\n    ".join("f0_provider %s %s /_f0/%s/;" % (n, d, n)
                          for n, (d, _) in UPS.items()),
            NEW, FIRST, ROOT, BASE, BASE,
            "\n        ".join("""location /_f0/%s/ {
            internal;
            include %s/conf/f0_provider.conf;
            proxy_pass http://127.0.0.1:%d/;
        }""" % (n, ROOT, port) for n, (_, port) in UPS.items())))


def record(name, body, path=BASE, headers=(), leave=None):
    c = Client()
    c.post(body, path + "/chat/completions", headers)
    if leave:
        c.until(leave)
        c.close()
    else:
        c.answer()
        c.close()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        time.sleep(0.05)
        for file in os.listdir(NEW):
            with open(os.path.join(NEW, file), "rb") as f:
                data = f.read()
            if b"z" in data[-110:-64]:          # it is complete
                os.unlink(os.path.join(NEW, file))
                with open(os.path.join(HERE, name + ".f0r"), "wb") as f:
                    f.write(data)
                print("%7d %s" % (len(data), name))
                return
    raise SystemExit("no recording of " + name)


def says(name, marker, id="chat", stream=True, leave=None, path=BASE, **more):
    record(name, chat(marker, stream, id, **more), path, leave=leave)


TOOLS = [{"type": "function", "function": {
    "name": "read_file", "description": "Reads a file.",
    "parameters": {"type": "object", "properties": {
        "path": {"type": "string"}}, "required": ["path"]}}}]
FIXTURES = "t/wire/fixtures/"
WORDS = "text=It%20is%20a%20pleasure%20to%20say%20%C3%A9t%C3%A9%20%F0%9F%98%80"


def fixture(name):
    kind = ("application/x-ndjson" if name.endswith("ndjson") else
            "application/json" if name.endswith("json") else
            "text/event-stream")
    return "<<raw?file=%s%s&type=%s>>" % (FIXTURES, name, kind)


# ---- proxy

says("proxy-chat", "<<say?%s&size=100>>" % WORDS,
     stream_options={"include_usage": True})
says("proxy-json", "<<say?%s>>" % WORDS, stream=False)
says("proxy-pieces", "<<say?%s>>" % WORDS, "pieces")
says("proxy-raw", fixture("openai-length.sse"), "raw")
says("proxy-silence", "<<say?text=one%20two%20three&gap=700>>",
     path="/slow" + BASE)
says("proxy-failover", "<<say?%s>>" % WORDS, "failover")
says("proxy-nobody", "Hello.", "nobody")
says("proxy-limited", "<<error?status=429&header=Retry-After:7>>")
says("proxy-truncated", "<<say?text=one%20two&stop=1&stopped=close>>")
says("proxy-truncated-json", "<<say?text=one&stopped=reset>>", stream=False)
says("proxy-left", "<<say?text=one%20two%20three&stop=2&stopped=hold>>",
     leave=b"two")
record("proxy-refused", b'{"model":"chat","messages":')

# ---- dialects, and tools

for name in ("anthropic", "gemini", "ollama"):
    says(name + "-chat", "<<say?%s&size=70>>" % WORDS, name)
    says(name + "-json", "<<say?%s>>" % WORDS, name, stream=False)
says("openai-tools", fixture("openai-tools-parallel.sse"), tools=TOOLS)
says("openai-tools-json", fixture("openai-body-tools.json"), tools=TOOLS,
     stream=False)
says("openai-surrogates", fixture("openai-surrogates-split.sse"))
says("openai-framing", fixture("openai-framing-zoo.sse"))
says("anthropic-tools", fixture("anthropic-thinking-tool.sse"), "anthropic",
     tools=TOOLS)
says("gemini-tools", fixture("gemini-thought-tools.sse"), "gemini",
     tools=TOOLS)
says("ollama-native", fixture("ollama-native-chat.ndjson"), "ollama")

# ---- the agent

A = "const a = 1;\nconst b = 2;\n\nexport function sum() {\n" \
    "  return a + b;\n}\n"
B = "import { sum } from './a';\n\nconsole.log(sum());\n"
FENCE = "```\n"
EDITS = {
    "search_replace": "a.ts\n" + FENCE + "<<<<<<< SEARCH\nconst b = 2;\n"
                      "=======\nconst b = 3;\n>>>>>>> REPLACE\n" + FENCE,
    "whole": "a.ts\n" + FENCE + A.replace("b = 2", "b = 3") + FENCE,
    "udiff": "```diff\n--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,3 @@\n"
             " const a = 1;\n-const b = 2;\n+const b = 3;\n \n" + FENCE,
    "apply_patch": "*** Begin Patch\n*** Update File: a.ts\n@@\n"
                   " const a = 1;\n-const b = 2;\n+const b = 3;\n"
                   "*** End Patch\n"}
GOOD = EDITS["search_replace"]
BAD = GOOD.replace("const b = 2", "const bb = 2")
TWO = GOOD + "\nand\n\nb.ts\n" + FENCE + "<<<<<<< SEARCH\n" \
    "console.log(sum());\n=======\nconsole.log('sum', sum());\n" \
    ">>>>>>> REPLACE\n" + FENCE


def agent(name, answers, seed=5, files=None, stream=True, headers=(),
          leave=None, **more):
    word, _ = model.script(answers, seed)
    more.setdefault("fz_stream", {"patches": "event", "progress": "event"})
    more["files"] = [{"path": p, "content": t, "isOpen": True}
                     for p, t in (files or {"a.ts": A, "b.ts": B}).items()]
    record("agent-" + name, chat("Let b be 3. " + word, stream, **more),
           headers=headers, leave=leave)


for kind, text in EDITS.items():
    agent(kind, ["I change b.\n\n" + text + "\nDone.\n"], fz_edit_format=kind)
agent("two-files", ["Both.\n\n" + TWO + "\nDone.\n"], 11)
agent("json", ["Both.\n\n" + TWO + "\nDone.\n"], stream=False)
agent("repair", ["Hm.\n\n" + BAD + "Well.\n", GOOD])
agent("repair-json", ["Hm.\n\n" + BAD, GOOD], stream=False)
agent("rejected", ["Hm.\n\n" + BAD + "Well.\n"])
agent("repair-fails", [BAD, Answer(status=500)])
agent("truncated", [Answer("Hello.\n\n" + GOOD + "And\n\n" + GOOD[:60],
                           dies=True)])
agent("length", [Answer("Hello.\n\n" + GOOD + "And\n\n" + GOOD[:60],
                        finish="length")])
agent("chunks", ["Both.\n\n" + TWO], fz_stream={"patches": "chunk"})
agent("comments", ["Both.\n\n" + TWO],
      fz_stream={"patches": "both", "progress": "comment"})
agent("header", ["Both.\n\n" + TWO], fz_stream=None,
      headers=["X-F0-Stream: progress=event, patches=event"])
agent("desktop", ["Both.\n\n" + TWO], ideType="desktop")
agent("desktop-json", ["Both.\n\n" + TWO], stream=False,
      ideType="desktop")
agent("prose", ["It adds two numbers.\n\n```ts\nsum();\n```\nThat is all.\n"])
agent("large", ["One line.\n\n" + FENCE.join((
    "big.c\n", "<<<<<<< SEARCH\nint v1500 = 1500;\n=======\n"
    "long v1500 = 1500;\n>>>>>>> REPLACE\n", ""))],
      files={"big.c": "".join("int v%d = %d;\n" % (i, i) for i in range(6000))})

provider.terminate()
server.stop()
