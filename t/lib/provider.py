#!/usr/bin/env python3
#
# Copyright (C) 2026 The f0 authors
#
# A scripted provider.  What it answers is written in the request: the first
# marker <<NAME?OPTION=VALUE&...>> in the body (percent-encoded as a query is),
# or a path that begins with /s/NAME?...  Without one it says "Hello world".
# It speaks the dialect of the path that it was asked at.
#
#   provider.py PORT
#
# Names:    say      text, as a stream or as a JSON body as it was asked
#           json     text, as a JSON body whatever was asked
#           error    an error body; status=, code=, type=, message=
#           raw      the bytes of file=, with type= and status=
#           drop     closes the connection without an answer
#           garbage  no HTTP
#
# Options of all: id=TAG      requests with this tag are looked up together
#           wait=MS           before the head
#           header=NAME:VALUE (again and again)
#           N.OPTION=VALUE    for the N-th request with this tag only
#           rN.OPTION=VALUE   for a request that has N results of tools only
#
# of say:   text=WORDS        pieces are cut before each space
#           n=COUNT           so many events of the text, again from its start
#           bytes=COUNT       at least so many bytes of text
#           first=MS, gap=MS  before the first event, between events
#           pause=N:MS        once, after N events of the text and the calls
#           size=BYTES        of each write, each an HTTP chunk; 0: an event
#           frame=chunked | length | close
#           stop=N            after N events: stopped=hold | close | reset
#                             | done ([DONE] without a finish)
#           usage=IN,OUT      (7,2)
#           finish=WORD       (stop)
#           tool=NAME:ARGS    a tool call, in place of the text or behind one
#                             that is asked for; again and again.  A custom
#                             tool of Responses gets its "input" alone
#
# Control, on the same port: /control/requests?id=TAG lists what was asked and
# when each connection ended, /control/wait?id=TAG&n=N&closed=1 waits for it,
# /control/reset forgets.  Times are of CLOCK_MONOTONIC, in seconds.

import json
import re
import select
import socket
import struct
import sys
import threading
import time
import urllib.parse

LIMIT = 64 * 1024 * 1024


class Closed(Exception):
    """The other side has left."""


class Log:
    def __init__(self):
        self.rows, self.changed = [], threading.Condition()

    def add(self, row):
        with self.changed:
            row["number"] = len(self.rows) + 1
            self.rows.append(row)
            row["call"] = sum(1 for r in self.rows if r["id"] == row["id"])
            self.changed.notify_all()
        return row

    def set(self, row, key):
        with self.changed:
            row[key] = time.monotonic()
            self.changed.notify_all()

    def of(self, tag):
        return [r for r in self.rows if tag is None or r["id"] == tag]

    def wait(self, tag, n, key, seconds):
        def there():
            rows = self.of(tag)
            return len(rows) >= n and (not key or all(r[key] for r in rows))
        with self.changed:
            self.changed.wait_for(there, seconds)
            return self.of(tag)

    def reset(self):
        with self.changed:
            self.rows.clear()


LOG = Log()


# ---- what to answer


# Not the <<<<<<< SEARCH of a prompt, nor the <<EOF of a tool's description.
NAMES = b"say|json|error|raw|drop|garbage"
MARKER = re.compile(rb"(?<!<)<<((?:" + NAMES + rb")(?:\?.*?)?)>>", re.S)


def marker(path, body):
    """(name, options) as pairs."""
    text = ""
    if path.startswith("/s/"):
        # The dialect's path follows: /s/NAME?OPTIONS!/v1/chat/completions
        text = urllib.parse.unquote(path[3:].split("!")[0])
    else:
        found = MARKER.search(body)
        if found:
            text = found.group(1).decode("utf-8", "replace")
            text = text.replace('\\"', '"')       # it stands in a JSON string
    name, _, query = text.partition("?")
    return name or "say", urllib.parse.parse_qsl(query, True)


# A tool's result, in each dialect.
RESULT = re.compile(rb'"role": ?"tool"|"type": ?"tool_result"|'
                    rb'"functionResponse": ?\{|'
                    rb'"type": ?"(?:function_call|custom_tool_call|tool_search)'
                    rb'_output"')


class Script:
    def __init__(self, name, pairs, call, body):
        self.name, self.headers, self.tools = name, [], []
        self.options, self.round = {}, len(RESULT.findall(body))
        here = (str(call), "r%d" % self.round)
        for key, value in pairs:
            when, dot, rest = key.partition(".")
            if dot and re.fullmatch("r?[0-9]+", when):
                if when not in here:
                    continue
                key = rest
            if key == "name":
                self.name = value
            elif key == "header":
                self.headers.append(value)
            elif key == "tool":
                self.tools.append(value.split(":", 1))
            else:
                self.options[key] = value

    def text(self, key, default=""):
        return self.options.get(key, default)

    def number(self, key, default=0):
        return int(self.options.get(key, default))

    def words(self):
        """Pieces of text, each with the space in front of it."""
        text = self.text("text", "" if self.tools else "Hello world")
        pieces, at = [], 0
        while at < len(text):
            cut = text.find(" ", at + 1)
            cut = len(text) if cut < 0 else cut
            pieces.append(text[at:cut])
            at = cut
        return pieces or ([] if self.tools else [""])

    def pieces(self):
        words = self.words()
        size = sum(len(w) for w in words)
        n = self.number("n", len(words) if size else 0)
        if "bytes" in self.options:
            n = self.number("bytes") * len(words) // size + 1
        for i in range(n):
            yield words[i % len(words)]


# ---- dialects: (content type, head events, event of a text, last events)


def sse(value, event=None):
    line = "event: %s\n" % event if event else ""
    return (line + "data: " + json.dumps(value) + "\n\n").encode()


def halves(text):
    return text[:len(text) // 2], text[len(text) // 2:]


def call_id(script, i):
    """No two calls of a conversation have the same."""
    return "up%d" % (script.round + i + 1)


class OpenAI:
    kind = "text/event-stream"
    done = b"data: [DONE]\n\n"

    def __init__(self, script, request):
        self.script, self.request = script, request
        self.ident = "up%d" % (script.round + 1)
        self.model = request.get("model", "m")
        self.usage = [int(x) for x in script.text("usage", "7,2").split(",")]
        usual = "tool_calls" if script.tools else "stop"
        self.finish = script.text("finish", usual)

    def chunk(self, delta, finish=None):
        return sse({"id": "chatcmpl-" + self.ident,
                    "object": "chat.completion.chunk",
                    "created": 1754000000, "model": self.model,
                    "choices": [{"index": 0, "delta": delta,
                                 "finish_reason": finish}]})

    def begin(self):
        return [self.chunk({"role": "assistant", "content": ""})]

    def piece(self, text):
        return self.chunk({"content": text})

    def calls(self):
        """The events of the calls, the arguments of each in two parts."""
        for i, (name, args) in enumerate(self.script.tools):
            yield self.chunk({"tool_calls": [
                {"index": i, "id": "call_" + call_id(self.script, i),
                 "type": "function",
                 "function": {"name": name, "arguments": ""}}]})
            for part in halves(args):
                yield self.chunk({"tool_calls": [
                    {"index": i, "function": {"arguments": part}}]})

    def counts(self):
        a, b = self.usage
        return {"prompt_tokens": a, "completion_tokens": b,
                "total_tokens": a + b}

    def end(self):
        return [self.chunk({}, self.finish),
                sse({"id": "chatcmpl-" + self.ident,
                     "object": "chat.completion.chunk",
                     "created": 1754000000, "model": self.model,
                     "choices": [], "usage": self.counts()}), self.done]

    def body(self, text):
        message = {"role": "assistant", "content": text or None}
        if self.script.tools:
            message["tool_calls"] = [
                {"id": "call_" + call_id(self.script, i), "type": "function",
                 "function": {"name": name, "arguments": args}}
                for i, (name, args) in enumerate(self.script.tools)]
        return {"id": "chatcmpl-" + self.ident, "object": "chat.completion",
                "created": 1754000000, "model": self.model,
                "choices": [{"index": 0, "finish_reason": self.finish,
                             "message": message}],
                "usage": self.counts()}

    def error(self, message, kind, code):
        return {"error": {"message": message, "type": kind, "param": None,
                          "code": code}}


class Anthropic(OpenAI):
    done = sse({"type": "message_stop"}, "message_stop")
    STOPS = {"stop": "end_turn", "tool_calls": "tool_use",
             "length": "max_tokens"}

    def __init__(self, script, request):
        super().__init__(script, request)
        self.reason = self.STOPS.get(self.finish, self.finish)
        self.index = -1

    def message(self, content, stop):
        return {"id": "msg_" + self.ident, "type": "message",
                "role": "assistant", "model": self.model, "content": content,
                "stop_reason": stop, "stop_sequence": None,
                "usage": {"input_tokens": self.usage[0],
                          "output_tokens": self.usage[1]}}

    def event(self, kind, **members):
        return sse(dict({"type": kind}, **members), kind)

    def close(self):
        if self.index < 0:
            return b""
        return self.event("content_block_stop", index=self.index)

    def open(self, block):
        before = self.close()
        self.index += 1
        return before + self.event("content_block_start", index=self.index,
                                   content_block=block)

    def delta(self, kind, member, text):
        return self.event("content_block_delta", index=self.index,
                          delta={"type": kind, member: text})

    def begin(self):
        start = self.event("message_start", message=self.message([], None))
        text = self.script.words()
        return [start] + ([self.open({"type": "text", "text": ""})] if text
                          else [])

    def piece(self, text):
        return self.delta("text_delta", "text", text)

    def calls(self):
        for i, (name, args) in enumerate(self.script.tools):
            yield self.open({"type": "tool_use", "name": name, "input": {},
                             "id": "toolu_" + call_id(self.script, i)})
            for part in halves(args):
                yield self.delta("input_json_delta", "partial_json", part)

    def end(self):
        return [self.close(),
                self.event("message_delta",
                           delta={"stop_reason": self.reason,
                                  "stop_sequence": None},
                           usage={"output_tokens": self.usage[1]}), self.done]

    def body(self, text):
        content = [{"type": "text", "text": text}] if text else []
        for i, (name, args) in enumerate(self.script.tools):
            content.append({"type": "tool_use", "name": name,
                            "id": "toolu_" + call_id(self.script, i),
                            "input": json.loads(args)})
        return self.message(content, self.reason)

    def error(self, message, kind, code):
        return {"type": "error", "error": {"type": kind, "message": message}}


class Count(Anthropic):
    """messages/count_tokens."""

    def body(self, text):
        return {"input_tokens": self.usage[0]}


class Gemini(OpenAI):
    done = b""

    def answer(self, parts, finish=None):
        candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        a, b = self.usage
        return {"candidates": [candidate], "modelVersion": "g",
                "usageMetadata": {"promptTokenCount": a,
                                  "candidatesTokenCount": b,
                                  "totalTokenCount": a + b}}

    def functions(self):
        return [{"functionCall": {"name": name, "args": json.loads(args)}}
                for name, args in self.script.tools]

    def begin(self):
        return []

    def piece(self, text):
        return sse(self.answer([{"text": text}]))

    def calls(self):
        for part in self.functions():
            yield sse(self.answer([part]))

    def end(self):
        return [sse(self.answer([{"text": ""}], "STOP"))]

    def body(self, text):
        parts = [{"text": text}] if text else []
        return self.answer(parts + self.functions(), "STOP")

    def error(self, message, kind, code):
        return {"error": {"code": 400, "message": message, "status": kind}}


class Ollama(OpenAI):
    kind = "application/x-ndjson"
    done = b""

    def line(self, text, more, calls=()):
        message = {"role": "assistant", "content": text}
        if calls:
            message["tool_calls"] = [
                {"function": {"name": name, "arguments": json.loads(args)}}
                for name, args in calls]
        value = {"model": self.model, "created_at": "2025-08-01T00:00:00Z",
                 "message": message}
        value.update(more)
        return value

    def counts(self):
        return {"done": True, "done_reason": "stop",
                "prompt_eval_count": self.usage[0],
                "eval_count": self.usage[1]}

    def begin(self):
        return []

    def piece(self, text):
        return json.dumps(self.line(text, {"done": False})).encode() + b"\n"

    def calls(self):
        for call in self.script.tools:
            yield json.dumps(self.line("", {"done": False},
                                       [call])).encode() + b"\n"

    def end(self):
        return [json.dumps(self.line("", self.counts())).encode() + b"\n"]

    def body(self, text):
        return self.line(text, self.counts(), self.script.tools)

    def error(self, message, kind, code):
        return {"error": message}


class Responses(OpenAI):
    """One item is open at a time; its end comes with what follows it."""
    done = b""

    def __init__(self, script, request):
        super().__init__(script, request)
        self.number, self.item, self.output = 0, None, []
        self.custom, self.inner = set(), {}
        tools = list(request.get("tools") or [])
        for item in request.get("input") or []:     # or a text
            if isinstance(item, dict):
                tools += item.get("tools") or []
        for tool in tools:
            if tool.get("type") == "custom":
                self.custom.add(tool["name"])
            for one in tool.get("tools") or []:
                flat = tool["name"] + "__" + one["name"]
                self.inner[flat] = tool["name"], one["name"]
                if one.get("type") == "custom":
                    self.custom.add(flat)

    def event(self, kind, **members):
        value = dict({"type": kind, "sequence_number": self.number}, **members)
        self.number += 1
        return sse(value, kind)

    def at(self, kind, **members):
        """An event inside the open item."""
        return self.event(kind, item_id=self.item["id"],
                          output_index=len(self.output), **members)

    def response(self, status, usage=None):
        return {"id": "resp_" + self.ident, "object": "response", "error": None,
                "created_at": 1754000000, "status": status,
                "incomplete_details": None, "instructions": None,
                "max_output_tokens": None, "model": self.model,
                "output": list(self.output), "parallel_tool_calls": True,
                "previous_response_id": None, "store": False,
                "reasoning": {"effort": None, "summary": None},
                "text": {"format": {"type": "text"}}, "tool_choice": "auto",
                "tools": self.request.get("tools") or [], "top_p": 1.0,
                "temperature": 1.0, "truncation": "disabled", "user": None,
                "metadata": {}, "usage": usage}

    def counts(self):
        a, b = self.usage
        return {"input_tokens": a, "input_tokens_details":
                {"cached_tokens": 0}, "output_tokens": b,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": a + b}

    def message(self, text, status):
        part = {"type": "output_text", "text": text, "annotations": [],
                "logprobs": []}
        return {"type": "message", "id": "msg_" + self.ident, "status": status,
                "role": "assistant", "content": [part] if status ==
                "completed" else []}

    def call(self, i, status, full=True):
        name, args = self.script.tools[i]
        custom = name in self.custom
        space, inner = self.inner.get(name, (None, name))
        item = {"type": "custom_tool_call" if custom else "function_call",
                "id": "%s_up%d" % ("ctc" if custom else "fc", i + 1),
                "call_id": "call_" + call_id(self.script, i), "name": inner,
                "status": status}
        if space:
            item["namespace"] = space
        text = json.loads(args)["input"] if custom else args
        item["input" if custom else "arguments"] = text if full else ""
        if name == "tool_search":
            item.update(type="tool_search_call", execution="client",
                        arguments=json.loads(args))
        return item, text

    def open(self, item, whole):
        before = self.close()
        self.item, self.whole = item, whole
        return before + self.event("response.output_item.added", item=item,
                                   output_index=len(self.output))

    def close(self):
        item, out = self.item, b""
        if not item:
            return out
        if item["type"] == "message":
            part = self.whole["content"][0]
            out = self.at("response.output_text.done", content_index=0,
                          text=part["text"], logprobs=[])
            out += self.at("response.content_part.done", content_index=0,
                           part=part)
        elif item["type"] == "tool_search_call":
            pass
        elif item["type"] == "custom_tool_call":
            out = self.at("response.custom_tool_call_input.done",
                          input=self.whole["input"])
        else:
            out = self.at("response.function_call_arguments.done",
                          name=item["name"],
                          arguments=self.whole["arguments"])
        out += self.event("response.output_item.done", item=self.whole,
                          output_index=len(self.output))
        self.output.append(self.whole)
        self.item = None
        return out

    def begin(self):
        out = [self.event("response.created",
                          response=self.response("in_progress")),
               self.event("response.in_progress",
                          response=self.response("in_progress"))]
        if self.script.words():
            text = "".join(self.script.pieces())
            out.append(self.open(self.message("", "in_progress"),
                                 self.message(text, "completed")))
            out.append(self.at("response.content_part.added", content_index=0,
                               part={"type": "output_text", "text": "",
                                     "annotations": [], "logprobs": []}))
        return out

    def piece(self, text):
        return self.at("response.output_text.delta", content_index=0,
                       delta=text, logprobs=[])

    def calls(self):
        for i in range(len(self.script.tools)):
            item, _ = self.call(i, "in_progress", False)
            whole, text = self.call(i, "completed")
            yield self.open(item, whole)
            if item["type"] == "tool_search_call":
                continue
            kind = ("custom_tool_call_input" if "input" in item
                    else "function_call_arguments")
            for part in halves(text):
                yield self.at("response.%s.delta" % kind, delta=part)

    def end(self):
        closing = self.close()
        last = ("completed" if self.finish in ("stop", "tool_calls")
                else "incomplete")
        response = self.response(last, self.counts())
        if last == "incomplete":
            response["incomplete_details"] = {"reason": self.finish}
        return [closing, self.event("response." + last, response=response)]

    def body(self, text):
        self.output = [self.message(text, "completed")] if text else []
        self.output += [self.call(i, "completed")[0]
                        for i in range(len(self.script.tools))]
        return self.response("completed", self.counts())


class Completions(OpenAI):
    """Raw completions: a text in place of messages."""

    def chunk(self, delta, finish=None):
        return sse({"id": "cmpl-" + self.ident, "object": "text_completion",
                    "created": 1754000000, "model": self.model,
                    "choices": [{"index": 0, "text": delta.get("content", ""),
                                 "logprobs": None, "finish_reason": finish}]})

    def begin(self):
        return []

    def body(self, text):
        return {"id": "cmpl-" + self.ident, "object": "text_completion",
                "created": 1754000000, "model": self.model,
                "choices": [{"index": 0, "finish_reason": self.finish,
                             "text": text, "logprobs": None}],
                "usage": self.counts()}


class Infill(OpenAI):
    """llama.cpp's own."""
    done = b""

    def line(self, text, more):
        value = {"index": 0, "content": text, "stop": False}
        value.update(more)
        return value

    def counts(self):
        kind = "limit" if self.finish == "limit" else "eos"
        return {"stop": True, "stop_type": kind,
                "tokens_evaluated": self.usage[0],
                "tokens_predicted": self.usage[1]}

    def begin(self):
        return []

    def piece(self, text):
        return sse(self.line(text, {}))

    def end(self):
        return [sse(self.line("", self.counts()))]

    def body(self, text):
        return self.line(text, self.counts())


class Generate(Ollama):
    def line(self, text, more, calls=()):
        value = {"model": self.model, "created_at": "2025-08-01T00:00:00Z",
                 "response": text}
        value.update(more)
        return value


def dialect(path):
    if path.endswith("/count_tokens"):
        return Count
    if "/messages" in path:
        return Anthropic
    if "GenerateContent" in path or "generateContent" in path:
        return Gemini
    if path.endswith("/api/chat"):
        return Ollama
    if path.endswith("/api/generate"):
        return Generate
    if path.endswith("/infill"):
        return Infill
    if path.endswith("/v1/completions"):
        return Completions
    if path.endswith("/responses"):
        return Responses
    return OpenAI


# ---- one connection


class Connection:
    def __init__(self, sock):
        self.sock, self.input, self.row = sock, b"", None
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # - reading

    def more(self):
        data = self.sock.recv(262144)
        if not data:
            raise Closed
        self.input += data

    def line_block(self):
        while b"\r\n\r\n" not in self.input:
            self.more()
        head, _, self.input = self.input.partition(b"\r\n\r\n")
        return head.decode("latin-1").split("\r\n")

    def take(self, n):
        parts, have = [self.input], len(self.input)
        while have < n:
            data = self.sock.recv(262144)
            if not data:
                raise Closed
            parts.append(data)
            have += len(data)
        data = b"".join(parts)
        self.input = data[n:]
        return data[:n]

    def chunks(self):
        body = b""
        while True:
            while b"\r\n" not in self.input:
                self.more()
            size, _, self.input = self.input.partition(b"\r\n")
            n = int(size.split(b";")[0], 16)
            body += self.take(n)
            self.take(2)
            if not n:
                return body

    def request(self):
        lines = self.line_block()
        method, target, _ = lines[0].split(" ", 2)
        headers = [tuple(x.split(": ", 1)) for x in lines[1:] if ": " in x]
        low = {k.lower(): v for k, v in headers}
        if low.get("transfer-encoding", "").lower() == "chunked":
            body = self.chunks()
        else:
            body = self.take(min(LIMIT, int(low.get("content-length", 0))))
        return method, target, headers, body

    # - writing, and waiting with an eye on the other side

    def pause(self, ms):
        until = time.monotonic() + ms / 1000
        while True:
            left = until - time.monotonic()
            ready = select.select([self.sock], [], [], max(0, left))[0]
            if not ready:
                return
            data = self.sock.recv(65536)
            if not data:
                raise Closed
            self.input += data

    def send(self, data):
        self.sock.sendall(data)

    def head(self, status, kind, headers, frame, length):
        lines = ["HTTP/1.1 %d X" % status, "Content-Type: " + kind] + headers
        if frame == "chunked":
            lines.append("Transfer-Encoding: chunked")
        elif frame == "length":
            lines.append("Content-Length: %d" % length)
        else:
            lines.append("Connection: close")
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def body_bytes(self, data, frame, size):
        """Writes in pieces; the client's way of reading decides the rest."""
        size = size or len(data) or 1
        for at in range(0, len(data), size):
            piece = data[at:at + size]
            if frame == "chunked":
                piece = b"%x\r\n%s\r\n" % (len(piece), piece)
            self.send(piece)

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        self.sock.close()
        raise Closed

    # - answers

    def whole(self, script, status, kind, data):
        frame = script.text("frame", "length")
        self.head(status, kind, script.headers, frame, len(data))
        half = len(data) // 2
        if script.text("stopped"):
            self.body_bytes(data[:half], frame, script.number("size"))
            return self.stopped(script, frame)
        self.body_bytes(data, frame, script.number("size"))
        return self.finish(frame)

    def finish(self, frame):
        if frame == "chunked":
            self.send(b"0\r\n\r\n")
        if frame == "close":
            raise Closed
        return None

    def stopped(self, script, frame):
        how = script.text("stopped", "hold")
        if how == "reset":
            self.reset()
        if how == "hold":
            self.pause(script.number("hold", 120000))
        if how == "done":
            self.body_bytes(b"data: [DONE]\n\n", frame, 0)
            return self.finish(frame)
        raise Closed

    def stream(self, script, speak):
        frame, size = script.text("frame", "chunked"), script.number("size")
        limit, gap = script.number("stop", -1), script.number("gap")
        events = speak.begin()
        length = 0
        if frame == "length":
            length = sum(map(len, self.all_of(script, speak)))
        status = script.number("status", 200)
        self.head(status, speak.kind, script.headers, frame, length)
        for event in events:
            self.body_bytes(event, frame, size)
        if script.number("first"):
            self.pause(script.number("first"))
        at, _, pause = script.text("pause", "-1:0").partition(":")
        if at == "0":
            self.pause(int(pause))
        timed = gap or size or limit >= 0 or "pause" in script.options
        sent, held, room = 0, [], 0
        for event in self.useful(script, speak):
            if sent == limit:
                break
            if timed:
                if sent and gap:
                    self.pause(gap)
                self.body_bytes(event, frame, size)
            else:
                # Nothing to time: many events in one write.
                held.append(b"%x\r\n%s\r\n" % (len(event), event)
                            if frame == "chunked" else event)
                room += len(event)
                if room > 65536:
                    self.send(b"".join(held))
                    held, room = [], 0
            sent += 1
            if sent == 1:
                LOG.set(self.row, "first_event")
            if sent == int(at):
                self.pause(int(pause))
        self.send(b"".join(held))
        if 0 <= limit <= sent:
            return self.stopped(script, frame)
        for event in speak.end():
            self.body_bytes(event, frame, size)
        return self.finish(frame)

    @staticmethod
    def useful(script, speak):
        for piece in script.pieces():
            yield speak.piece(piece)
        yield from speak.calls()

    def all_of(self, script, speak):
        """The same events once more, from a speaker of its own."""
        speak = type(speak)(script, speak.request)
        return [*speak.begin(), *self.useful(script, speak), *speak.end()]

    def answer(self, script, path, body):
        if script.number("wait"):
            self.pause(script.number("wait"))
        LOG.set(self.row, "answered")
        if script.name == "drop":
            self.reset() if script.text("how") == "reset" else None
            raise Closed
        if script.name == "garbage":
            self.send(b"SSH-2.0-no_http_here\r\n")
            raise Closed
        if script.name == "raw":
            with open(script.text("file"), "rb") as f:
                return self.whole(script, script.number("status", 200),
                                  script.text("type", "text/event-stream"),
                                  f.read())
        try:
            request = json.loads(body)
        except ValueError:
            request = {}
        speak = dialect(path)(script, request)
        if script.name == "error":
            data = speak.error(script.text("message", "scripted"),
                               script.text("type", "scripted_error"),
                               script.text("code") or None)
            return self.whole(script, script.number("status", 500),
                              "application/json", json.dumps(data).encode())
        if isinstance(speak, Anthropic) and "thread" in request:
            # It keeps nothing; a client then sends all of it.
            data = speak.error("no threads", "invalid_request_error", None)
            data["error"]["details"] = {
                "error_code": "thread_unsupported_request",
                "unsupported": ["thread"]}
            return self.whole(script, 400, "application/json",
                              json.dumps(data).encode())
        streams = request.get("stream", isinstance(speak, Ollama)) is True
        if isinstance(speak, Gemini):
            streams = "streamGenerateContent" in path
        if streams and script.name != "json":
            return self.stream(script, speak)
        data = json.dumps(speak.body("".join(script.pieces()))).encode()
        if script.number("first"):
            self.pause(script.number("first"))
        return self.whole(script, 200, "application/json", data)

    # - control

    def control(self, target):
        url = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(url.query))
        tag = query.get("id")
        if url.path == "/control/reset":
            LOG.reset()
        rows = LOG.of(tag)
        if url.path == "/control/wait":
            key = "closed" if query.get("closed") else query.get("key")
            rows = LOG.wait(tag, int(query.get("n", 1)), key,
                            float(query.get("seconds", 10)))
        data = json.dumps(rows).encode()
        self.head(200, "application/json", [], "length", len(data))
        self.send(data)

    def serve(self):
        try:
            while True:
                method, target, headers, body = self.request()
                if target.startswith("/control/"):
                    self.control(target)
                    continue
                name, pairs = marker(target, body)
                tag = dict(pairs).get("id")
                self.row = LOG.add({
                    "id": tag, "method": method, "target": target,
                    "headers": headers, "time": time.monotonic(),
                    "body": body.decode("utf-8", "replace")
                            if len(body) < 1000000 else len(body),
                    "answered": None, "first_event": None, "done": None,
                    "closed": None})
                path = target.split("!")[-1].split("?")[0]
                if "!" not in target:
                    path = target.split("?")[0]
                self.answer(Script(name, pairs, self.row["call"], body),
                            path, body)
                LOG.set(self.row, "done")
        except (Closed, ConnectionError, OSError):
            pass
        finally:
            if self.row:
                LOG.set(self.row, "closed")
            self.sock.close()


def main():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(sys.argv[1])))
    listener.listen(4096)
    threading.stack_size(262144)
    while True:
        sock = listener.accept()[0]
        threading.Thread(target=Connection(sock).serve, daemon=True).start()


if __name__ == "__main__":
    main()
