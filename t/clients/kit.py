# Copyright (C) 2026 The f0 authors
#
# What the Python scripts of this folder share: tests, and prompts that tell the
# scripted provider what to answer.

import json
import os
import sys
import traceback
import urllib.parse

URL, KEY = os.environ["F0_URL"], os.environ["F0_KEY"]
DIALECTS = ("openai", "anthropic", "gemini", "ollama", "responses")
SCHEMAS = {
    "read": {"type": "object", "properties": {},
             "additionalProperties": False},
    "edit": {"type": "object",
             "properties": {"old": {"type": "string"},
                            "new": {"type": "string"}},
             "required": ["old", "new"], "additionalProperties": False}}
failed = 0


def test(run, *args):
    global failed
    name = " ".join(["python:", run.__doc__, *map(str, args)])
    try:
        run(*args)
        print("ok   " + name, flush=True)
    except Exception:                                       # noqa: BLE001
        failed += 1
        print("FAIL " + name, flush=True)
        traceback.print_exc(file=sys.stdout)


def done():
    sys.exit(1 if failed else 0)


def said(_name="say", **options):
    """A prompt; options of t/lib/provider.py, those of a tool as a pair."""
    words = [(k.replace("__", "."),
              "%s:%s" % (v[0], json.dumps(v[1])) if isinstance(v, tuple)
              else v) for k, v in options.items()]
    return "Do it. <<%s?%s>>" % (_name, urllib.parse.urlencode(words))


def edits():
    return said(r0__tool=("read", {}),
                r1__tool=("edit", {"old": "hello", "new": "good\u2713"}),
                r2__text="All done.", usage="11,3")


class File:
    def __init__(self):
        self.text = "hello world\n"

    def read(self):
        return self.text

    def edit(self, old, new):
        assert old in self.text
        self.text = self.text.replace(old, new)
        return "edited"

    def call(self, name, args):
        return getattr(self, name)(**args)


EDITED = "good\u2713 world\n"
SILENCES = ({"wait": 500}, {"first": 500}, {"pause": "2:500"})


def raises(kind, run):
    try:
        run()
    except kind as e:
        return e
    raise AssertionError("no %s" % kind)
