# Copyright (C) 2026 The f0 authors
#
# The anthropic package of PyPI, on each dialect.

import anthropic
from kit import DIALECTS, EDITED, KEY, SCHEMAS, SILENCES, URL, File, done, \
    edits, raises, said, test

client = anthropic.Anthropic(base_url=URL.removesuffix("/v1"), api_key=KEY,
                             max_retries=0)
TOOLS = [{"name": n, "input_schema": s} for n, s in SCHEMAS.items()]


def ask(model, prompt, **more):
    return dict(model=model, max_tokens=1000,
                messages=[{"role": "user", "content": prompt}], **more)


def models():
    """anthropic, models"""
    assert [m.id for m in client.models.list()] == list(DIALECTS)
    raises(anthropic.NotFoundError, lambda: client.models.retrieve("none"))
    raises(anthropic.AuthenticationError, lambda: client.with_options(
        api_key="no").models.list())


def whole(model):
    """anthropic, whole answer and count,"""
    prompt = said(text="Good day", usage="5,3")
    m = client.messages.create(**ask(model, prompt))
    assert (m.content[0].text, m.stop_reason) == ("Good day", "end_turn"), m
    assert (m.usage.input_tokens, m.usage.output_tokens) == (5, 3), m
    n = client.messages.count_tokens(model=model, messages=[
        {"role": "user", "content": prompt}], tools=TOOLS)
    assert n.input_tokens > 0, n


def stream(model):
    """anthropic, stream and silence,"""
    for silence in ({}, *SILENCES):
        with client.messages.stream(**ask(model, said(
                text="one two three four", **silence))) as s:
            assert "".join(s.text_stream) == "one two three four"
            assert s.get_final_message().stop_reason == "end_turn"


def rounds(model):
    """anthropic, edits a file,"""
    file, body = File(), ask(model, edits(), tools=TOOLS)
    while True:
        with client.messages.stream(**body) as s:
            m = s.get_final_message()
        if m.stop_reason != "tool_use":
            break
        body["messages"] += [
            {"role": "assistant", "content": m.content},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": b.id,
                 "content": file.call(b.name, b.input)}
                for b in m.content if b.type == "tool_use"]}]
    assert m.content[0].text == "All done.", m
    assert file.text == EDITED, file.text


def errors(model):
    """anthropic, errors and death,"""
    for status, kind in ((400, anthropic.BadRequestError),
                         (429, anthropic.RateLimitError),
                         (500, anthropic.InternalServerError)):
        raises(kind, lambda: client.messages.create(**ask(
            model, said("error", status=status))))

    def cut(**how):
        with client.messages.stream(**ask(model, said(
                stopped="close", **how), tools=TOOLS)) as s:
            return s.get_final_message()
    raises(anthropic.APIError, lambda: cut(text="one two three", stop=2))
    stop = 1 if model in ("gemini", "ollama") else 2
    raises(anthropic.APIError, lambda: cut(
        tool=("edit", {"old": "a", "new": "b"}), stop=stop))


test(models)
for dialect in DIALECTS:
    for run in (whole, stream, rounds, errors):
        test(run, dialect)
done()
