#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# Claude Code and Codex, the real ones, through f0: they read and edit files on
# each dialect, live through a provider's silence, and run no call that was
# cut.  With --slow the silence is longer than their own patience.

import concurrent.futures
import json
import os
import subprocess
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from dialects import DIALECTS, server                       # noqa: E402
from packages import claude, codex, install                 # noqa: E402
from scenario import BASE, FIRST, FOLDER, KEY, asked, check, \
    done                                                    # noqa: E402

SLOW = "--slow" in sys.argv
SILENCE = 320 if SLOW else 2


# ---- the clients


class Run:
    """One run of a client in a folder of its own that holds a.txt."""

    def __init__(self, tag, port):
        self.tag, self.port = tag, port
        self.home = os.path.join(FOLDER, "runs", tag)
        self.work = os.path.join(self.home, "work")
        os.makedirs(self.work)
        self.write("a.txt", "hello world\n")

    def path(self, name):
        return os.path.join(self.work, name)

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)

    def read(self, name):
        try:
            with open(self.path(name)) as f:
                return f.read()
        except FileNotFoundError:
            return None

    def start(self, argv, **more):
        env = dict({"PATH": os.environ["PATH"], "HOME": self.home,
                    "LC_ALL": "C.UTF-8", "TMPDIR": self.home}, **more)
        try:
            out = subprocess.run(
                argv, cwd=self.work, env=env, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                errors="replace", timeout=SILENCE + 90, check=False)
            self.status, self.out = out.returncode, out.stdout
        except subprocess.TimeoutExpired as e:
            self.status, self.out = None, (e.stdout or b"").decode()
        with open(os.path.join(self.home, "output.log"), "w") as f:
            f.write(self.out)
        self.events = []
        for line in self.out.split("\n"):
            try:
                self.events.append(json.loads(line))
            except ValueError:
                pass
        return self


class Claude(Run):
    name = "claude code"
    front = "messages"

    def ask(self, prompt, model="claude-opus-5-5"):
        return self.start(
            [claude(), "-p", prompt, "--model", model, "--verbose",
             "--output-format", "stream-json",
             "--dangerously-skip-permissions"],
            CLAUDE_CONFIG_DIR=os.path.join(self.home, "config"),
            ANTHROPIC_BASE_URL="http://127.0.0.1:%d%s"
            % (self.port, BASE.removesuffix("/v1")),
            ANTHROPIC_AUTH_TOKEN=KEY, IS_SANDBOX="1",
            CLAUDE_CODE_MAX_RETRIES="1",
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1")

    def last(self):
        """(what the user is told, whether as an error)"""
        for e in self.events:
            if e.get("type") == "result":
                return e.get("result", ""), e["is_error"]
        return self.out, None

    def edit(self):
        """It must have read what it edits."""
        return [("Read", {"file_path": self.path("a.txt")}),
                ("Edit", {"file_path": self.path("a.txt"),
                          "old_string": "hello", "new_string": "goodbye"}),
                ("Write", {"file_path": self.path("b.txt"),
                           "content": "\u00fcber \"b\"\n"})]

    def search(self):
        """Of its own tools it shows only some."""
        return [("ToolSearch", {"query": "select:CronList"}),
                ("CronList", {}), *self.edit()]

    # What it is asked to do: for which model, in which steps.
    tasks = {"edits a file": ("claude-opus-5-5", edit),
             "searches for tools": ("claude-opus-5-5", search)}

    def touch(self, name):
        return "Write", {"file_path": self.path(name), "content": "x" * 200}


class Codex(Run):
    name = "codex"
    front = "responses"

    def ask(self, prompt, model="f0-chat"):
        folder = os.path.join(self.home, "config")
        os.makedirs(folder)
        with open(os.path.join(folder, "config.toml"), "w") as f:
            f.write("""model = "%s"
model_provider = "f0"

[model_providers.f0]
name = "f0"
base_url = "http://127.0.0.1:%d%s"
env_key = "F0_KEY"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1
%s""" % (model, self.port, BASE,
         # Comments do not wake it; to its own API they are all there is, up
         # to a minute.
         "" if SLOW or self.tag.endswith("-responses-responses")
         else "stream_idle_timeout_ms = 1000\n"))
        return self.start(
            [codex(), "exec", "--json", "--skip-git-repo-check",
             "--dangerously-bypass-approvals-and-sandbox", prompt],
            CODEX_HOME=folder, F0_KEY=KEY)

    def last(self):
        text, bad = self.out, None
        for e in self.events:
            if e["type"] == "item.completed" \
                    and e["item"]["type"] == "agent_message":
                text, bad = e["item"]["text"], False
            if e["type"] == "turn.failed":
                return e["error"]["message"], True
        return text, bad

    PATCH = ("*** Begin Patch\n*** Update File: a.txt\n@@\n"
             "-hello world\n+goodbye world\n"
             "*** Add File: b.txt\n+\u00fcber \"b\"\n*** End Patch\n")

    def edit(self):
        return [("exec_command", {"cmd": "cat a.txt"}),
                ("exec_command", {"cmd": "apply_patch <<'EOF'\n%sEOF"
                                  % self.PATCH}),
                ("exec_command", {"cmd": "cat b.txt"})]

    def patch(self):
        """A custom tool, and one of a namespace that is searched for first."""
        return [("tool_search", {"query": "close agent"}),
                ("multi_agent_v1__close_agent", {"target": "nobody"}),
                ("apply_patch", {"input": self.PATCH})]

    def script(self):
        """Code mode: one custom tool in a namespace."""
        code = "text(await tools.apply_patch(%s));\n" % json.dumps(self.PATCH)
        return [("functions__exec", {"input": code})]

    tasks = {"edits a file": ("f0-chat", edit),
             "patches a file": ("gpt-5.5", patch),
             "edits in code mode": ("gpt-6.2-sol", script)}

    def touch(self, name):
        return "exec_command", {"cmd": "touch %s # %s" % (name, "x" * 200)}


def said(tag, *pairs):
    """The prompt that tells the provider what to answer."""
    return "Do it. <<say?id=%s&%s>>" % (tag, urllib.parse.urlencode(
        [(k, "%s:%s" % (v[0], json.dumps(v[1])) if isinstance(v, tuple) else v)
         for k, v in pairs]))


# ---- what is tested


def works(Client, dialect, port, task):
    tag = "%s-%s-%s" % (task.replace(" ", "-"), Client.front, dialect)
    run, (model, steps) = Client(tag, port), Client.tasks[task]
    steps = steps(run)
    run.ask(said(tag, *[("r%d.tool" % i, s) for i, s in enumerate(steps)],
                 ("r%d.text" % len(steps), "All done."), ("usage", "11,3")),
            model)
    name = "%s %s, %s" % (Client.name, task, dialect)
    check(run.read("a.txt") == "goodbye world\n"
          and run.read("b.txt") == "\u00fcber \"b\"\n", name,
          (run.read("a.txt"), run.out[-1500:]))
    check(run.last() == ("All done.", False) and run.status == 0,
          name + ": its last word", (run.last(), run.out[-1500:]))
    rows = asked(tag)
    check(len(rows) == len(steps) + 1, name + ": a request for each round",
          [(r["target"], r["answered"]) for r in rows][:20])


# Where the provider falls silent; N events come before.
STATES = {
    "before the head": lambda run: [("wait", SILENCE * 1000)],
    "behind the start": lambda run: [("first", SILENCE * 1000)],
    "in a text": lambda run: [("pause", "2:%d" % (SILENCE * 1000)),
                              ("r0.text", "one two three four")],
    "in a call": lambda run: [("pause", "2:%d" % (SILENCE * 1000))],
}


def silence(Client, dialect, port, state):
    tag = "%s-%s-%s" % (state.replace(" ", "-"), Client.front, dialect)
    run = Client(tag, port)
    # The silence is in the first round's answer, which ends with a call.
    options = STATES[state](run)
    run.ask(said(tag, *[("r0." + k.removeprefix("r0."), v)
                        for k, v in options],
                 ("r0.tool", run.touch("made")), ("r1.text", "All done.")))
    check(run.read("made") is not None
          and run.last() == ("All done.", False) and len(asked(tag)) == 2,
          "%s lives through silence %s, %s" % (Client.name, state, dialect),
          (run.last(), len(asked(tag)), run.out[-1500:]))


def death(Client, dialect, port, how):
    """Every answer of the provider's dies inside of a call: in the middle of
    its arguments, or behind the last of them; where calls come whole, behind
    it."""
    tag = "death-%s-%s-%s" % (how, Client.front, dialect)
    run = Client(tag, port)
    whole = dialect in ("gemini", "ollama")
    run.ask(said(tag, ("tool", run.touch("made")),
                 ("stop", 1 if whole else 2 if how == "close" else 3),
                 ("stopped", how)))
    text, bad = run.last()
    name = "%s, dead in a call (%s), %s" % (Client.name, how, dialect)
    check(run.read("made") is None, name + ": nothing is run", run.out[-1500:])
    check(bad is True and run.status not in (0, None),
          name + ": its user is told", (run.status, text, run.out[-1500:]))


def refused(Client, dialect, port, status):
    tag = "error-%d-%s-%s" % (status, Client.front, dialect)
    run = Client(tag, port)
    run.ask(said(tag, ("name", "error"), ("status", status),
                 ("message", "too odd")))
    text, bad = run.last()
    # Both have words of their own for what may pass.
    check(bad is True and run.status not in (0, None)
          and (status != 400 or "too odd" in text),
          "%s tells of a %d, %s" % (Client.name, status, dialect),
          (run.status, text, run.out[-1500:]))


def main():
    install()
    servers = [server(d, FIRST + 2 + i, [("*", d)],
                      "15s" if SLOW else "200ms")
               for i, d in enumerate(DIALECTS)]
    jobs = []
    with concurrent.futures.ThreadPoolExecutor(40 if SLOW else 3) as pool:
        for Client in (Claude, Codex):
            for d, s in zip(DIALECTS, servers):
                for state in STATES:
                    jobs.append(pool.submit(silence, Client, d, s.port, state))
                if SLOW:
                    continue
                for task in Client.tasks:
                    jobs.append(pool.submit(works, Client, d, s.port, task))
                for how in ("close", "reset"):
                    jobs.append(pool.submit(death, Client, d, s.port, how))
                for status in (400, 429, 500):
                    jobs.append(pool.submit(refused, Client, d, s.port,
                                            status))
    for job in jobs:
        job.result()
    done()


main()
