#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# What a provider wants back with a tool call comes back to it: whichever worker
# the second request meets, after a reload, and when the memory is full.  Clients
# of Messages and Responses carry it themselves, sealed: the key is in the same
# zone, so that any worker opens it, and nothing else is let in.

import json
import os
import signal
import socketserver
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, FIRST, FOLDER, KEY, ROOT, SLOW, Client, Server, \
    check, done

TOOLS = [{"type": "function", "function": {"name": "ls", "parameters": {
    "type": "object", "properties": {"p": {"type": "string"}}}}}]
OTHER = "another-client-s-key"
KEYS = os.path.join(FOLDER, "keys")
PADDING = 0     # bytes that a signature has beside its number


def events(*all_of_them):
    return "".join("data: %s\n\n" % json.dumps(e) for e in all_of_them)


class Provider(socketserver.StreamRequestHandler):
    """Calls a tool, signed with a number of its own, and hears the result."""

    asked = []

    def handle(self):
        path = self.rfile.readline().decode().split()[1]
        size = 0
        for line in iter(lambda: self.rfile.readline().strip().lower(), b""):
            if line.startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        Provider.asked.append(json.loads(self.rfile.read(size)))
        sign = "SIG%d" % len(Provider.asked) + "x" * PADDING
        made = getattr(self, "anthropic" if "messages" in path else
                       "gemini" if "gemini" in path else "openai")
        self.wfile.write(("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                          "Content-Type: text/event-stream\r\n\r\n"
                          + made(sign)).encode())

    def gemini(self, sign):
        part = {"functionCall": {"name": "ls", "args": {"p": "x"}},
                "thoughtSignature": sign}
        return events({"candidates": [{"content": {
            "role": "model", "parts": [part]}, "finishReason": "STOP"}]})

    def anthropic(self, sign):
        n = len(Provider.asked)
        return events(
            {"type": "message_start", "message": {"id": "m", "content": []}},
            {"type": "content_block_start", "index": 0, "content_block": {
                "type": "thinking", "thinking": "", "signature": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {
                "type": "thinking_delta", "thinking": "A plan."}},
            {"type": "content_block_delta", "index": 0, "delta": {
                "type": "signature_delta", "signature": sign}},
            {"type": "content_block_stop", "index": 0},
            {"type": "content_block_start", "index": 1, "content_block": {
                "type": "tool_use", "id": "toolu_%d" % n, "name": "ls",
                "input": {}}},
            {"type": "content_block_stop", "index": 1},
            {"type": "message_delta", "delta": {"stop_reason": "tool_use"},
             "usage": {"input_tokens": 1, "output_tokens": 1}},
            {"type": "message_stop"})

    def openai(self, sign):
        call = {"index": 0, "id": "call_%d" % len(Provider.asked),
                "type": "function",
                "function": {"name": "ls", "arguments": "{}"},
                "extra_content": {"google": {"thought_signature": sign}}}
        return events(
            {"choices": [{"index": 0, "delta": {"reasoning": "A plan."}}]},
            {"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]},
            {"choices": [{"index": 0, "delta": {},
                          "finish_reason": "tool_calls"}]}) \
            + "data: [DONE]\n\n"


class Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def ask(model, messages, **more):
    c = Client()
    c.post(json.dumps({"model": model, "messages": messages, "tools": TOOLS,
                       "reasoning_effort": "high"}).encode(), **more)
    status, _, body = c.answer()
    c.close()
    if status != 200:
        raise SystemExit("%d %s" % (status, body.decode()))
    return json.loads(body)["choices"][0]["message"]


def signature(model):
    """The one that the last request brought back."""
    asked = Provider.asked[-1]
    if model == "gemini":
        return next((p.get("thoughtSignature") for c in asked["contents"]
                     for p in c["parts"] if "functionCall" in p), None)
    told = next(m for m in asked["messages"] if m["role"] == "assistant")
    if model == "claude":
        return next((b.get("signature") for b in told["content"]
                     if b["type"] == "thinking"), None)
    if told.get("reasoning") != "A plan.":
        return "no reasoning"
    extra = told["tool_calls"][0].get("extra_content") or {}
    return extra.get("google", {}).get("thought_signature")


def two_turns(model, between=lambda: None, **second):
    """A client that knows nothing of signatures; the second may be another."""
    first = [{"role": "user", "content": "list the files"}]
    said = ask(model, first)
    want = "SIG%d" % len(Provider.asked) + "x" * PADDING
    between()
    said.pop("reasoning_details", None)
    for call in said["tool_calls"]:
        call.pop("extra_content", None)
    ask(model, first + [said, {"role": "tool", "content": "a b",
                               "tool_call_id": said["tool_calls"][0]["id"]}],
        **second)
    return signature(model) == want


def sealed_turns(front, model, between=lambda: None, spoil=lambda s: s):
    """The second client is another, of whom nothing is kept: what comes back
    to the provider came in the envelope."""
    def post(body, key):
        c = Client()
        c.post(json.dumps(dict(body, model=model)).encode(),
               path="%s/%s" % (BASE, front), key=key)
        status, _, answer = c.answer()
        c.close()
        return status, json.loads(answer)

    schema = TOOLS[0]["function"]["parameters"]
    if front == "messages":
        body = {"max_tokens": 500, "messages": [
            {"role": "user", "content": "list the files"}],
            "tools": [{"name": "ls", "input_schema": schema}]}
        _, said = post(body, KEY)
        want = "SIG%d" % len(Provider.asked)
        for block in said["content"]:
            if "signature" in block:
                block["signature"] = spoil(block["signature"])
        body["messages"] += [
            {"role": "assistant", "content": said["content"]},
            {"role": "user", "content": [
                {"type": "tool_result", "content": "a b", "tool_use_id": b["id"]}
                for b in said["content"] if b["type"] == "tool_use"]}]
    else:
        body = {"input": [{"role": "user", "content": "list the files"}],
                "include": ["reasoning.encrypted_content"],
                "reasoning": {"effort": "high"}, "tools": [
                    {"type": "function", "name": "ls", "strict": False,
                     "parameters": schema}]}
        _, said = post(body, KEY)
        want = "SIG%d" % len(Provider.asked)
        for item in said["output"]:
            if "encrypted_content" in item:
                item["encrypted_content"] = spoil(item["encrypted_content"])
        body["input"] += said["output"] + [
            {"type": "function_call_output", "call_id": i["call_id"],
             "output": "a b"}
            for i in said["output"] if i["type"] == "function_call"]
    between()
    status, _ = post(body, OTHER)
    return status, signature(model) == want, str(signature(model))


def configuration(size):
    return """
    %s
    f0_provider g gemini /_f0/up/;
    f0_provider a anthropic /_f0/up/;
    f0_provider o openai /_f0/up/;
    f0_model gemini { mode proxy; try g gemini-3-pro; }
    f0_model claude { mode proxy; try a claude-sonnet-4-5; }
    f0_model engine { mode proxy; try o engine; }
    server {
        listen 127.0.0.1:%d reuseport;
        location %s/ {
            f0 on;
            f0_keys %s;
        }
        location %s/open/ {
            f0 on;
            f0_keys off;
        }
        location /_f0/up/ {
            internal;
            include %s/conf/f0_provider.conf;
            proxy_pass http://127.0.0.1:%d/;
        }
    }""" % (size, FIRST, BASE, KEYS, BASE, ROOT, FIRST + 5)


with open(KEYS, "w") as f:
    f.write("one %s\ntwo %s\n" % (KEY, OTHER))

threading.Thread(target=Threads(("127.0.0.1", FIRST + 5), Provider)
                 .serve_forever, daemon=True).start()
server = Server(workers=2, whole=configuration(""))

for model in ("gemini", "claude", "engine"):
    kept = sum(two_turns(model) for _ in range(12))
    check(kept == 12, "%s: two workers have one memory" % model, kept)


# Whoever guesses the id of another client's call gets nothing of it.
OPEN = BASE + "/open/chat/completions"
for model in ("gemini", "claude", "engine"):
    check(not two_turns(model, key=OTHER), "%s: another key" % model)
    check(not two_turns(model, path=OPEN, key=OTHER),
          "%s: another one that nobody looks at" % model)
    check(two_turns(model, path=OPEN), "%s: the same one" % model)


def reload():
    old = server.workers()
    server.signal(signal.SIGHUP)
    until = time.monotonic() + 10 * SLOW
    while set(old) & set(server.workers()) and time.monotonic() < until:
        time.sleep(0.05)
    check(not set(old) & set(server.workers()), "the workers are new ones")


for model in ("gemini", "claude", "engine"):
    check(two_turns(model, reload), "%s: a reload forgets nothing" % model)

# A Messages client of Anthropic's has its own signatures.
SEALED = (("messages", "gemini"), ("responses", "gemini"),
          ("responses", "claude"))
for front, model in SEALED:
    name = "%s, %s: " % (front, model)
    kept = sum(sealed_turns(front, model)[1] for _ in range(12))
    check(kept == 12, name + "two workers open one envelope", kept)
    check(sealed_turns(front, model, reload)[1],
          name + "a reload keeps the key")
    for what, spoil in (
            ("garbled", lambda s: s[:-4] + ("AAAA" if s[-4:] != "AAAA"
                                            else "BBBB")),
            ("cut", lambda s: s[:len(s) // 2]),
            ("foreign", lambda s: "gAAAAABnotours")):
        status, same, got = sealed_turns(front, model, spoil=spoil)
        check(status == 200 and not same and "gAAAA" not in got
              and not got.startswith("f0."),
              name + "what is %s is left out" % what, (status, got))
server.stop()

PADDING = 20000
server = Server("small", workers=2, whole=configuration("f0_memory 128k;"))
kept = sum(two_turns("gemini") for _ in range(20))
check(kept == 20, "a full memory forgets what is oldest", kept)
server.stop()

done()
