# Copyright (C) 2026 The f0 authors
#
# The openai package of PyPI on Responses, on each dialect.

import json

import openai
import pydantic
from kit import DIALECTS, EDITED, KEY, SCHEMAS, SILENCES, URL, File, done, \
    edits, raises, said, test

client = openai.OpenAI(base_url=URL, api_key=KEY, max_retries=0)
TOOLS = [{"type": "function", "name": n, "parameters": s, "strict": False}
         for n, s in SCHEMAS.items()]


class Place(pydantic.BaseModel):
    city: str


def whole(model):
    """responses, whole answer,"""
    r = client.responses.create(model=model, input=said(text="Good day",
                                                        usage="5,3"))
    assert (r.output_text, r.status) == ("Good day", "completed"), r
    assert (r.usage.input_tokens, r.usage.output_tokens) == (5, 3), r


def stream(model):
    """responses, stream and silence,"""
    for silence in ({}, *SILENCES):
        with client.responses.stream(model=model, input=said(
                text="one two three four", **silence)) as s:
            text = "".join(e.delta for e in s
                           if e.type == "response.output_text.delta")
            assert text == "one two three four", text
            assert s.get_final_response().output_text == text


def parse(model):
    """responses, parse,"""
    prompt = said(text='{"city":"Oslo"}')
    r = client.responses.parse(model=model, input=prompt, text_format=Place)
    assert r.output_parsed == Place(city="Oslo"), r
    with client.responses.stream(model=model, input=prompt,
                                 text_format=Place) as s:
        r = s.get_final_response()
    assert r.output_parsed == Place(city="Oslo"), r


def rounds(model):
    """responses, edits a file,"""
    file, said_so_far = File(), [{"role": "user", "content": edits()}]
    while True:
        with client.responses.stream(model=model, input=said_so_far,
                                     tools=TOOLS, store=False) as s:
            r = s.get_final_response()
        calls = [i for i in r.output if i.type == "function_call"]
        if not calls:
            break
        said_so_far += [i.to_dict() for i in r.output]
        said_so_far += [{"type": "function_call_output", "call_id": c.call_id,
                         "output": file.call(c.name, json.loads(c.arguments))}
                        for c in calls]
        for i in said_so_far:
            i.pop("parsed_arguments", None)
    assert r.output_text == "All done.", r
    assert file.text == EDITED, file.text


def errors(model):
    """responses, errors and death,"""
    for status, kind in ((400, openai.BadRequestError),
                         (429, openai.RateLimitError),
                         (500, openai.InternalServerError)):
        raises(kind, lambda: client.responses.create(
            model=model, input=said("error", status=status)))

    def cut(**how):
        with client.responses.stream(model=model, tools=TOOLS, input=said(
                stopped="close", **how)) as s:
            return s.get_final_response()
    raises((openai.APIError, RuntimeError),
           lambda: cut(text="one two three", stop=2))
    stop = 1 if model in ("gemini", "ollama") else 2
    raises((openai.APIError, RuntimeError), lambda: cut(
        tool=("edit", {"old": "a", "new": "b"}), stop=stop))


for dialect in DIALECTS:
    for run in (whole, stream, parse, rounds, errors):
        test(run, dialect)
done()
