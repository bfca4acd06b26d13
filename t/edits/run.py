#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# run.py [--cases N] [--seed N] [CLI]: random edits of random files through the
# edit engine alone (CLI is cli.cc, linked with the core; it is made if it isn't
# given).
#
# An edit that is written well must give the new file byte for byte.  The same
# text damaged (lines lost, doubled, swapped, cut off) may be refused, but what
# is accepted must apply with git and give what the engine says.  Both must not
# depend on how the text is cut.

import argparse
import difflib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

FORMATS = ("search_replace", "whole", "udiff", "apply_patch")
# What begins an edit; the end of one alone is prose.
MARKER = re.compile(r"^[ \t]*(<{5,9}[ \t]*SEARCH|\*\*\* Begin Patch)", re.M)
WORDS = ["", "", "{", "}", "  x = 1;", "  y = f(x);", "\treturn x;", "# note",
         "-- sql", "++ inc", "- item", "+ plus", "@@ at", "*** stars", "=====",
         "```", "```sh", "  trailing  ", "naïve ✅", "\\ back", "<b>", "a b c",
         "'quoted'", "…", "if x:", "    deep:", "        deeper"]


def build():
    """cli.cc with the core of $BUILD."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__))))
    folder = os.path.abspath(os.environ.get("BUILD")
                             or os.path.join(root, "build"))
    subprocess.run(["make", "-s", "-C", root, "BUILD=" + folder, "core-test"],
                   check=True)
    cli = os.path.join(folder, "edits-cli")
    subprocess.run(["g++", "-std=c++20", "-O1", "-g", "-Wall", "-Wextra",
                    "-Werror", "-I" + os.path.join(root, "src"), "-o", cli,
                    os.path.join(root, "t", "edits", "cli.cc"),
                    os.path.join(folder, "core-test", "libf0core_test.a"),
                    "-lgit2", "-lutf8proc", "-lcrypto", "-lyajl"], check=True)
    return cli


class Engine:
    def __init__(self, cli):
        self.process = subprocess.Popen([cli], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def __call__(self, **request):
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the engine died of %r" % request)
        return json.loads(line)


class Repository:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="f0-edits-")
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith("GIT_")}
        self.env.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
        self.git("init", "-q")
        self.git("config", "core.autocrlf", "false")

    def git(self, *args, data=None):
        return subprocess.run(["git", *args], cwd=self.folder, input=data,
                              env=self.env, capture_output=True, check=False)

    def apply(self, files, diffs):
        """The files afterwards, or what git says."""
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if os.path.isdir(path) and name != ".git":
                shutil.rmtree(path)
            elif name != ".git":
                os.unlink(path)
        for path, text in files.items():
            path = os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(text.encode())
        for diff in diffs:
            r = self.git("apply", "--whitespace=nowarn", "-",
                         data=diff.encode())
            if r.returncode:
                return r.stderr.decode()
        found = {}
        for root, folders, names in os.walk(self.folder):
            if ".git" in folders:
                folders.remove(".git")
            for name in names:
                path = os.path.join(root, name)
                with open(path, "rb") as f:
                    found[os.path.relpath(path, self.folder)] = \
                        f.read().decode()
        return found


# ---- files and edits


def some_lines(rnd, n):
    return [rnd.choice(WORDS) if rnd.random() < .7 else "line %d" %
            rnd.randrange(1000) for _ in range(n)]


def changed(rnd, lines):
    new = list(lines)
    for _ in range(rnd.randint(1, 4)):
        at = rnd.randint(0, len(new))
        new[at:at + rnd.choice((0, 1, 1, 2, 5))] = \
            some_lines(rnd, rnd.choice((0, 1, 1, 3)))
    return new


def dressed(lines, style):
    """Lines as a file: line ends, a byte order mark, no final newline."""
    text = "".join(x + ("\r\n" if "crlf" in style else "\n") for x in lines)
    if "nonl" in style:
        text = text.rstrip("\r\n")
    return ("\ufeff" if "bom" in style else "") + text


def hunks(old, new):
    """[first, old lines, new lines, diff lines], at one place of the old
    text."""
    match = difflib.SequenceMatcher(None, old, new, autojunk=False)
    ops = [o[1:] for o in match.get_opcodes() if o[0] != "equal"]
    ranges = []
    for op in ops:
        up = down = 2
        while True:
            first, last, c, d = whole_ops(ops, max(0, op[0] - up),
                                          min(len(old), op[1] + down))
            part = old[first:last]
            if (first, last) == (0, len(old)) or part and sum(
                    loose(old[i:i + len(part)]) == loose(part)
                    for i in range(len(old) - len(part) + 1)) == 1:
                break
            up, down = up + 2, down + 2
        while ranges and first <= ranges[-1][1]:
            first, last, c, d = whole_ops(ops, min(first, ranges[-1][0]),
                                          max(last, ranges[-1][1]))
            ranges.pop()
        ranges.append((first, last, c, d))
    return [(first, old[first:last], new[c:d],
             signed(old[first:last], new[c:d]))
            for first, last, c, d in ranges]


def whole_ops(ops, first, last):
    """The range widened to the changes that it touches, and its new side."""
    while True:
        touched = [o for o in ops if o[0] <= last and o[1] >= first]
        low = min([first] + [o[0] for o in touched])
        high = max([last] + [o[1] for o in touched])
        if (low, high) == (first, last):
            break
        first, last = low, high
    shift = sum((d - c) - (b - a) for a, b, c, d in ops if b < first)
    inner = sum((d - c) - (b - a) for a, b, c, d in touched)
    return first, last, first + shift, last + shift + inner


def loose(lines):
    return [x.strip() for x in lines]


def signed(old, new):
    out = []
    match = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in match.get_opcodes():
        if tag == "equal":
            out += [" " + x for x in old[a:b]]
        else:
            out += ["-" + x for x in old[a:b]] + ["+" + x for x in new[c:d]]
    return out


def joined(lines):
    return "".join(x + "\n" for x in lines)


def written(rnd, kind, path, old, new):
    fence = "`" * 4
    if kind == "whole":
        return "%s\n%s\n%s%s\n" % (path, fence, joined(new), fence)
    parts = hunks(old, new) if old else [(0, [], new, ["+" + x for x in new])]
    if kind == "search_replace":
        n = rnd.randint(6, 9)
        return "\n".join("%s\n%s\n%s SEARCH\n%s%s\n%s%s REPLACE\n%s\n" % (
            path, fence, "<" * n, joined(s), "=" * n, joined(r), ">" * n,
            fence) for _, s, r, _ in parts)
    if kind == "udiff":
        text, shift = "--- a/%s\n+++ b/%s\n" % (path, path), 0
        for first, s, r, diff in parts:
            text += "@@ -%d,%d +%d,%d @@\n%s" % (
                first + bool(s), len(s), first + shift + bool(r), len(r),
                joined(diff))
            shift += len(r) - len(s)
        return "%sdiff\n%s%s\n" % (fence, text, fence)
    return "*** Begin Patch\n*** Update File: %s\n%s*** End Patch\n" % (
        path, "".join("@@\n" + joined(diff) for _, _, _, diff in parts))


def damaged(rnd, text):
    lines = text.splitlines(keepends=True)
    for _ in range(rnd.randint(1, 3)):
        at = rnd.randrange(len(lines) + 1)
        what = rnd.randrange(6)
        if what == 0:
            del lines[at:at + 1]
        elif what == 1:
            lines[at:at] = lines[at - 1:at]
        elif what == 2:
            rnd.shuffle(lines)
        elif what == 3:
            lines[at:at] = [rnd.choice(WORDS) + "\n"]
        elif what == 4:
            lines = lines[:at]
        elif at < len(lines):
            lines[at] = lines[at].lstrip() or "\n"
    return "".join(lines)


# ---- the cases


def short(kind, old, new):
    """New text that seems to leave lines out: dots that the old one has not, or
    a whole file of fewer than half as many lines."""
    if any("\u2026" == x.strip() for x in new) and "\u2026" not in \
            [x.strip() for x in old]:
        return True
    olds, news = (sum(1 for x in part if x.strip()) for part in (old, new))
    return kind == "whole" and olds >= 10 and 2 * news < olds


def dividers(lines):
    """Lines that would make what is meant a matter of luck."""
    return any(re.fullmatch(r"={5,9}", x.strip()) for x in lines)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("cli", nargs="?")
    args.add_argument("--cases", type=int, default=500)
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    engine, repository = Engine(args.cli or build()), Repository()
    failed = accepted = refused = 0
    for n in range(args.cases):
        rnd = random.Random(args.seed * 1000003 + n)
        kind = rnd.choice(FORMATS)
        style = [s for s in ("crlf", "bom", "nonl") if rnd.random() < .3]
        old = some_lines(rnd, rnd.choice((1, 5, 20, 60)))
        new = changed(rnd, old)
        if "nonl" in style:                     # ends that say nothing
            old, new = old + ["end"], new + ["end"]
        files = {"src/a.txt": dressed(old, style), "b.txt": "b\n"}
        text = "One.\n\n%s\nTwo.\n" % written(rnd, kind, "src/a.txt", old, new)
        wrong = []
        for broken in (False, True):
            if broken:
                text = damaged(rnd, text)
            request = {"asked": kind, "calls": [text, text], "only": "",
                       "files": [{"path": p, "content": t}
                                 for p, t in files.items()]}
            got = engine(cut=0, **request)
            if any(engine(cut=c, **request) != got for c in (-1, n + 1)):
                wrong.append("depends on the cut")
            patches = [e[1] for e in got["events"] if e[0] == "patch"]
            codes = [e[1]["code"] for e in got["events"] if e[0] == "failed"]
            prose = "".join(e[1] for e in got["events"] if e[0] == "prose")
            accepted, refused = accepted + len(patches), refused + len(codes)
            result = repository.apply(files, [p["diff"] for p in patches])
            if result != got["files"]:
                wrong.append("git: %r, the engine: %r" % (result,
                                                          got["files"]))
            if MARKER.search(prose):
                wrong.append("a marker in %r" % prose)
            if broken or old == new or not new:
                continue
            if kind == "search_replace" and dividers(old + new):
                continue
            if short(kind, old, new):
                continue
            if got["files"]["src/a.txt"] != dressed(new, style) or codes:
                wrong.append("%s: want %r, got %r of %s" % (
                    codes, dressed(new, style), got["files"]["src/a.txt"],
                    text))
        if wrong:
            failed += 1
            print("case %d, %s, %s: %s\n%s" % (n, kind, style, wrong[0][:1500],
                                               text[:1500]))
    shutil.rmtree(repository.folder)
    print("%d patches, %d refusals; %d cases passed, %d failed"
          % (accepted, refused, args.cases - failed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
