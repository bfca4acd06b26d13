# Copyright (C) 2026 The f0 authors
#
# The openai package of PyPI.

import asyncio
import os
import sys
import traceback

import openai

URL, KEY = os.environ["F0_URL"], os.environ["F0_KEY"]
MODEL = "f0-code-agent"
client = openai.OpenAI(base_url=URL, api_key=KEY, max_retries=0)
failed = 0


def test(run):
    global failed
    try:
        run()
        print("ok   python: " + run.__doc__, flush=True)
    except Exception:                                       # noqa: BLE001
        failed += 1
        print("FAIL python: " + run.__doc__, flush=True)
        traceback.print_exc(file=sys.stdout)


def say(text):
    return [{"role": "user", "content": text}]


@test
def models():
    """models"""
    assert [m.id for m in client.models.list()] == [MODEL, "f0-agent"]


@test
def whole():
    """whole answer"""
    r = client.chat.completions.create(
        model=MODEL, messages=say("<<say?text=Good%20day&usage=5,3>>"))
    assert r.choices[0].message.content == "Good day", r
    assert r.usage.total_tokens == 8, r


@test
def stream():
    """stream"""
    text, usage = "", None
    for c in client.chat.completions.create(
            model=MODEL, stream=True, stream_options={"include_usage": True},
            messages=say("<<say?text=Good%20day&usage=5,3>>")):
        if c.choices:
            text += c.choices[0].delta.content or ""
        usage = c.usage or usage
    assert text == "Good day", text
    assert usage.completion_tokens == 3, usage


@test
def many():
    """32 streams at once"""
    async def one(api, n):
        text = ""
        async for c in await api.chat.completions.create(
                model=MODEL, stream=True,
                messages=say("<<say?text=number%%20%d&gap=20>>" % n)):
            text += c.choices[0].delta.content or ""
        return text

    async def all_of_them():
        async with openai.AsyncOpenAI(base_url=URL, api_key=KEY) as api:
            return await asyncio.gather(*(one(api, n) for n in range(32)))

    assert asyncio.run(all_of_them()) == ["number %d" % n for n in range(32)]


@test
def errors():
    """errors have their classes"""
    for status, kind in ((400, openai.BadRequestError),
                         (429, openai.RateLimitError),
                         (500, openai.InternalServerError)):
        try:
            client.chat.completions.create(
                model=MODEL, messages=say("<<error?status=%d>>" % status))
            raise AssertionError(status)
        except kind:
            pass
    try:
        openai.OpenAI(base_url=URL, api_key="no",
                      max_retries=0).models.list()
        raise AssertionError("no key")
    except openai.AuthenticationError as e:
        assert e.code == "invalid_api_key", e


sys.exit(1 if failed else 0)
