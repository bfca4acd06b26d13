# Copyright (C) 2026 The f0 authors
#
# A model for the agent's tests: its answers are told by a word in the request,
# one for each call of the turn, and come in pieces that a seed cuts.

import json
import random
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORD = re.compile(rb"script-(\d+)")


class Answer:
    """Text; |status| other than 200 is an error, |dies| breaks off."""

    def __init__(self, text="", finish="stop", status=200, dies=False):
        self.text, self.finish = text, finish
        self.status, self.dies = status, dies


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0

    def log_message(self, *_):
        pass

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        word = WORD.search(raw)
        script = self.server.scripts[int(word.group(1))]
        script.asked.append(json.loads(raw))
        number = min(len(script.asked), len(script.answers)) - 1
        answer = script.answers[number]
        try:
            if answer.status != 200:
                return self.whole(answer.status, {"error": {
                    "message": "no", "type": "server_error",
                    "param": None, "code": None}})
            self.tell(script, answer, script.asked[-1].get("stream"))
        except OSError:
            script.closed += 1
            self.close_connection = True
        return None

    def whole(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def tell(self, script, answer, stream):
        usage = {"prompt_tokens": 100, "completion_tokens": 10,
                 "total_tokens": 110}
        head = {"id": "m", "created": 1754000000, "model": "script"}
        if not stream:
            return self.whole(200, dict(
                head, object="chat.completion", usage=usage,
                choices=[{"index": 0, "finish_reason": answer.finish,
                          "message": {"role": "assistant",
                                      "content": answer.text}}]))

        def event(delta, finish=None):
            return b"data: " + json.dumps(dict(
                head, object="chat.completion.chunk",
                choices=[{"index": 0, "delta": delta,
                          "finish_reason": finish}])).encode() + b"\n\n"

        rng = random.Random(script.seed)
        data = event({"role": "assistant", "content": ""})
        text, at = answer.text, 0
        limit = rng.choice((1, 5, 40, 400, 1 << 20)) if script.seed \
            else 1 << 20
        limit = max(limit, len(text) // 2000)
        while at < len(text):
            n = rng.randint(1, limit) if script.seed else len(text)
            data += event({"content": text[at:at + n]})
            at += n
        if not answer.dies:
            data += event({}, answer.finish)
            data += b"data: " + json.dumps(dict(
                head, object="chat.completion.chunk", choices=[],
                usage=usage)).encode() + b"\n\ndata: [DONE]\n\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        at = 0
        while at < len(data):
            n = rng.randint(1, 3000) if script.seed else len(data)
            part = data[at:at + n]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            at += n
        if answer.dies:
            self.close_connection = True
            return None
        self.wfile.write(b"0\r\n\r\n")
        return None


class Script:
    def __init__(self, answers, seed):
        self.answers, self.seed = answers, seed
        self.asked, self.closed = [], 0


class Model:
    def __init__(self, port):
        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.server.scripts = []
        threading.Thread(target=self.server.serve_forever, args=(0.05,),
                         daemon=True).start()

    def script(self, answers, seed=0):
        """(the word that the request has to hold, the script)"""
        script = Script([a if isinstance(a, Answer) else Answer(a)
                         for a in answers], seed)
        self.server.scripts.append(script)
        return "script-%d" % (len(self.server.scripts) - 1), script
