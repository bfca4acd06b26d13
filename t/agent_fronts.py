#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# The code agent through Messages and Responses: edits, a selection, a file in a
# fence.  Its events come only to who asks for them, and only as comments; its
# failures have the front's form.

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import BASE, FIRST, Client, Server, check, done
from script import Answer, Model

model = Model(FIRST + 7)
server = Server("agent_fronts", model="mode agent;\ntry up script;",
                up="proxy_pass http://127.0.0.1:%d/;" % (FIRST + 7))

A = "const a = 1;\nconst b = 2;\n"
EDIT = "I change it.\n\na.ts\n```\n<<<<<<< SEARCH\nconst b = 2;\n=======\n" \
       "const b = 3;\n>>>>>>> REPLACE\n```\nDone.\n"
BAD = EDIT.replace("b = 2", "bb = 2")
FILES = {"files": [{"path": "a.ts", "content": A, "isOpen": True}]}
SELECTION = {"fz_context": {"currentFile": {
    "path": "a.ts", "content": A, "selection": {
        "start": A.index("const b"), "end": len(A)}}}}


def messages(text, **more):
    return dict({"model": "f0-code-agent", "max_tokens": 500, "messages": [
        {"role": "user", "content": text}]}, **more)


def responses(text, **more):
    return dict({"model": "f0-code-agent", "input": text}, **more)


TOOL = {"name": "t", "input_schema": {"type": "object"}}
FUNCTION = {"type": "function", "name": "t", "strict": False,
            "parameters": {"type": "object"}}


class Got:
    """What a client of either front reads."""

    def __init__(self, front, stream, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text, self.comments, self.names, self.error = "", [], [], None
        if stream and status == 200:
            for block in body.split("\n\n"):
                self.block(block)
            return
        value = json.loads(body)
        self.members = set(value)
        self.error = value.get("error")
        if self.error:
            return
        self.names = [value.get("stop_reason") or value.get("status")]
        parts = value["content"] if front == "messages" else \
            [p for i in value["output"] for p in i.get("content", ())]
        self.text = "".join(p.get("text", "") for p in parts)

    def block(self, block):
        if block.startswith(":"):
            return self.comments.append(block)
        if not block:
            return None
        name, _, data = block.partition("\n")
        value = json.loads(data.removeprefix("data: "))
        assert name == "event: " + value["type"], block
        self.names.append(value["type"])
        if value["type"] == "error":
            self.error = value.get("error") or value
        elif value["type"] == "content_block_delta":
            self.text += value["delta"].get("text", "")
        elif value["type"] == "response.output_text.delta":
            self.text += value["delta"]
        return None


def ask(front, stream, answers, text="Solve it.", seed=0, **more):
    word, script = model.script(answers, seed)
    made = messages if front == "messages" else responses
    body = made(text + " " + word, stream=stream, **more)
    c = Client()
    c.post(json.dumps(body).encode(), path="%s/%s" % (BASE, front))
    status, headers, body = c.answer()
    c.close()
    return Got(front, stream, status, headers, body.decode()), script


FINISHED = {"messages": ("message_stop", "end_turn"),
            "responses": ("response.completed", "completed")}
ASKS = {"comments": {"progress": "comment"}, "events": {"progress": "event"},
        "patches": {"patches": "event", "progress": "chunk"}}

for front in ("messages", "responses"):
    def plain(got):
        """No event that the front's clients do not know."""
        known = ("message", "content_block", "ping", "error") \
            if front == "messages" else ("response.", "error")
        return all(n.startswith(known) for n in got.names)

    for stream in (True, False):
        name = "%s, %s: " % (front, "stream" if stream else "body")
        end = FINISHED[front][not stream]

        got, script = ask(front, stream, [EDIT], seed=3, **FILES)
        good = got.text.startswith("I change it.\n") \
            and got.text.endswith("Done.\n") and "b = 3" in got.text \
            and "<<<<<<<" not in got.text and "-const b = 2" not in got.text
        check(good and len(script.asked) == 1 and got.names[-1] == end
              and "SEARCH" in json.dumps(script.asked[0]),
              name + "an edit in its place", got.body)
        check(not got.comments, name + "nothing that nobody asked for",
              got.comments)
        if not stream:
            check("f0" not in got.members, name + "the API's members",
                  got.members)

        got, script = ask(front, stream, ["```ts\nconst b = 3;\n```\n"],
                          text="Make it 3.", **SELECTION)
        check("const b = 3;" in got.text and got.names[-1] == end
              and "const b = 2;" in json.dumps(script.asked[0]),
              name + "a selection", got.body)

        fence = "Make b 3 in this file:\n\n```ts a.ts\n%s```\n" % A
        got, script = ask(front, stream, [EDIT], text=fence, fz_mode="edit")
        check("b = 3" in got.text and "<<<<<<<" not in got.text
              and got.names[-1] == end, name + "a file in a fence", got.body)

        got, script = ask(front, stream, [BAD, EDIT], **FILES)
        check(len(script.asked) == 2 and "b = 3" in got.text
              and got.names[-1] == end, name + "a repair", got.body)

        tools = [TOOL] if front == "messages" else [FUNCTION]
        got, script = ask(front, stream, [EDIT], tools=tools, **FILES)
        check(got.text == EDIT and script.asked[0]["tools"],
              name + "client's tools: the model's own words", got.body)

        got, script = ask(front, stream, [Answer(status=500)], **FILES)
        shape = {"type", "message"} if front == "messages" else \
            {"type", "message", "param", "code"}
        check(got.status in (500, 502) and shape <= set(got.error),
              name + "a failure before the start", got.body)

    for what, asked_for in ASKS.items():
        got, _ = ask(front, True, [BAD, EDIT], fz_stream=asked_for, **FILES)
        check(got.comments and all(c.startswith(": f0 {")
                                   for c in got.comments)
              and plain(got) and got.names[-1] == FINISHED[front][0],
              "%s: %s are comments" % (front, what), got.body)

    got, _ = ask(front, True, [Answer("Hello.\n\nAnd", dies=True)], seed=4,
                 **FILES)
    last = "error" if front == "messages" else "response.failed"
    check(got.error and got.names[-1] == last and "message_stop" not in
          got.names and "content_block_stop" not in got.names
          and "response.output_item.done" not in got.names,
          front + ": a provider that breaks off", got.body)

done()
