#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# The code agent through the real module: each exercise of agent/exercises.txt
# in each of the four edit formats, cut at random; what is emitted goes through
# `git apply` and must give the solution byte for byte.  Then turns of several
# calls, a provider that breaks off, and clients that leave.

import difflib
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "lib"))
from scenario import FIRST, FOLDER, ROOT, SLOW, Client, Server, chat, check, \
    done
from script import Answer, Model

FORMATS = ("search_replace", "whole", "udiff", "apply_patch")
SEEDS = (0, 3, 8) if SLOW == 1 else (3,)

model = Model(FIRST + 7)
server = Server("agent", model="mode agent;\ntry up script;",
                up="proxy_pass http://127.0.0.1:%d/;" % (FIRST + 7))


# ---- exercises


def exercises():
    path = os.path.join(ROOT, "t", "agent", "exercises.txt")
    with open(path, encoding="utf-8", newline="") as f:
        parts = re.split(r"^=== ", f.read(), flags=re.M)[1:]
    for part in parts:
        head, _, rest = part.partition("\n")
        name, file, *flags = head.split()
        stub, _, solution = rest.partition("--- solution\n")
        texts = [stub.removeprefix("--- stub\n"), solution]
        if "nonl" in flags:
            texts = [t[:-1] for t in texts]
        if "crlf" in flags:
            texts = [t.replace("\n", "\r\n") for t in texts]
        if "bom" in flags:
            texts = ["\ufeff" + t for t in texts]
        yield name, file, texts[0], texts[1]


def lines(text):
    return text.removeprefix("\ufeff").replace("\r\n", "\n").splitlines()


def hunks(old, new, around):
    """[(first old line, old lines, new lines, diff lines)], each of them at
    one place of the old text only."""
    found = []
    match = difflib.SequenceMatcher(None, old, new, autojunk=False)
    ops = [list(o[1:]) for o in match.get_opcodes() if o[0] != "equal"]
    for a, b, c, d in ops:
        up = down = around
        while True:
            first, last = max(0, a - up), min(len(old), b + down)
            part = old[first:last]
            places = sum(old[i:i + len(part)] == part
                         for i in range(len(old) - len(part) + 1))
            if part and places == 1 or (first, last) == (0, len(old)):
                break
            up, down = up + 1, down + 1
        c, d = c - (a - first), d + (last - b)
        if found and first <= found[-1][1]:
            found[-1][1], found[-1][3] = last, d
        else:
            found.append([first, last, c, d])
    for first, last, c, d in found:
        part, text = old[first:last], new[c:d]
        diff = [x[:1] + x[2:] for x in difflib.ndiff(part, text)
                if x[0] != "?"]
        yield first, part, text, diff


def fence_for(text):
    runs = re.findall("`+", text)
    return "`" * max([3] + [len(r) + 1 for r in runs])


def joined(part, sign=""):
    return "".join(sign + x + "\n" for x in part)


def written(kind, file, old, new):
    """The edit as a model would write it."""
    a, b = lines(old), lines(new)
    fence = fence_for(old + new)
    if kind == "whole":
        return "%s\n%s\n%s%s\n" % (file, fence, joined(b), fence)
    if kind == "search_replace":
        return "\nand\n\n".join(
            "%s\n%s\n<<<<<<< SEARCH\n%s=======\n%s>>>>>>> REPLACE\n%s\n"
            % (file, fence, joined(s), joined(r), fence)
            for _, s, r, _ in hunks(a, b, 1))
    if kind == "udiff":
        text, shift = "--- a/%s\n+++ b/%s\n" % (file, file), 0
        for first, s, r, diff in hunks(a, b, 3):
            text += "@@ -%d,%d +%d,%d @@\n" % (
                first + 1, len(s), first + 1 + shift, len(r)) + joined(diff)
            shift += len(r) - len(s)
        return "%sdiff\n%s%s\n" % (fence, text, fence)
    text = "*** Begin Patch\n*** Update File: %s\n" % file
    for _, _, _, diff in hunks(a, b, 3):
        text += "@@\n" + joined(diff)
    return text + "*** End Patch\n"


# ---- requests


def ask(files, answers, seed=0, leave=None, **more):
    """What the client got, and what the model was asked."""
    word, script = model.script(answers, seed)
    more.setdefault("fz_stream", {"patches": "event"})
    more["files"] = [{"path": p, "content": t, "isOpen": True}
                     for p, t in files.items()]
    c = Client()
    c.post(chat("Solve it. " + word, **more))
    if leave:
        c.until(leave)
        c.close()
        return None, script
    status, _, body = c.answer()
    c.close()
    return Got(status, body.decode("utf-8")), script


class Got:
    def __init__(self, status, body):
        self.status, self.text, self.error = status, "", None
        self.patches, self.failed, self.finish = [], [], None
        for block in body.split("\n\n"):
            data = re.sub(r"^event: .*\n", "", block)
            if not data.startswith("data: ") or data == "data: [DONE]":
                continue
            value = json.loads(data[6:])
            if "error" in value:
                self.error = value["error"]
                continue
            if "f0" in value:
                kind = {"patch": self.patches,
                        "patch_failed": self.failed}
                kind.get(value["f0"]["type"], []).append(value["f0"])
            for choice in value["choices"]:
                self.text += choice["delta"].get("content") or ""
                self.finish = choice["finish_reason"] or self.finish


class Repository:
    """Where patches are applied."""

    def __init__(self):
        self.folder = os.path.join(FOLDER, "apply")
        os.makedirs(self.folder, exist_ok=True)
        self.git("init", "-q")
        self.git("config", "core.autocrlf", "false")

    def git(self, *args, data=None):
        env = {k: v for k, v in os.environ.items()
               if not k.startswith("GIT_")}
        env.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
        return subprocess.run(["git", *args], cwd=self.folder, input=data,
                              env=env, capture_output=True, check=False)

    def apply(self, file, old, patches):
        path = os.path.join(self.folder, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(old.encode())
        for p in patches:
            r = self.git("apply", "--whitespace=nowarn", "-",
                         data=p["diff"].encode())
            if r.returncode:
                return r.stderr.decode()
        with open(path, "rb") as f:
            return f.read().decode()


repository = Repository()
count = 0
for name, file, stub, solution in exercises():
    count += 1
    for kind in FORMATS:
        text = "I solve it.\n\n%s\nDone.\n" % written(kind, file, stub,
                                                      solution)
        seen = None
        for seed in SEEDS:
            got, _ = ask({file: stub}, [text], seed and seed + count,
                         fz_edit_format=kind)
            result = repository.apply(file, stub, got.patches)
            good = result == solution and not got.failed \
                and got.text.startswith("I solve it.") \
                and got.text.endswith("Done.\n")
            seen = seen or got.text
            check(good and got.text == seen, "%s, %s, cut %d"
                  % (name, kind, seed), repr((result, got.failed))[:400])
check(count >= 30, "at least thirty exercises", count)


# ---- turns of several calls

A = "const a = 1;\nconst b = 2;\n"
GOOD = "a.ts\n```\n<<<<<<< SEARCH\nconst b = 2;\n=======\nconst b = 3;\n" \
       ">>>>>>> REPLACE\n```\n"
BAD = GOOD.replace("b = 2", "bb = 2")

got, script = ask({"a.ts": A}, ["Hm.\n\n" + BAD, GOOD], 5)
check(len(got.patches) == 1 and not got.failed and got.text == "Hm.\n\n"
      and len(script.asked) == 2, "a repair", vars(got))
told = json.dumps(script.asked[1])
check("not_found" in told and "bb = 2" in told, "it says what was wrong", told)
got, script = ask({"a.ts": A}, ["Hm.\n\n" + BAD], 5)
check(len(script.asked) == 2 and [f["code"] for f in got.failed]
      == ["not_found"] and got.finish == "stop",
      "a model that repeats itself is asked twice", vars(got))
got, script = ask({"a.ts": A}, [BAD, Answer(status=500)])
check(got.failed and not got.error, "a repair that fails", vars(got))
got, script = ask({"a.ts": A}, [Answer("Hello.\n\n" + GOOD + "And",
                                       dies=True)], 4)
check(got.error and len(got.patches) == 1 and got.finish is None,
      "a provider that breaks off", vars(got))

big = "".join("int v%d = %d;\n" % (i, i % 7) for i in range(60000))
edit = "".join("int v%d = %d;\n" % (i, i % 7) for i in range(20000, 26000))
got, script = ask({"big.c": big}, [
    "big.c\n```\n<<<<<<< SEARCH\n%s=======\n%s>>>>>>> REPLACE\n```\n"
    % (edit, edit.replace("int v", "long w"))])
check(repository.apply("big.c", big, got.patches)
      == big.replace(edit, edit.replace("int v", "long w")),
      "a large edit of a large file", got.failed)

pause = Answer("One.\n\n" + BAD + "Two.\n")
_, script = ask({"a.ts": A}, [pause, pause], 0, leave=b"One.")
time.sleep(0.3 * SLOW)
check(len(script.asked) <= 2, "a client that left is not served on")

done()
