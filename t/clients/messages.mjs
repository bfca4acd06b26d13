// Copyright (C) 2026 The f0 authors
//
// Anthropic's SDK and the AI SDK's provider for it, on each dialect.

import assert from "node:assert/strict";

import { createAnthropic } from "@ai-sdk/anthropic";
import Anthropic from "@anthropic-ai/sdk";

import { converses } from "./ai.mjs";
import { asked, dialects, edited, edits, key, nothingAsked, said, schemas,
  silences, test, url, workspace } from "./kit.mjs";

const base = url.replace(/\/v1$/, "");
const client = new Anthropic({ baseURL: base, apiKey: key, maxRetries: 0 });
const ai = createAnthropic({ baseURL: url, apiKey: key });
const ask = (model, prompt, more) => ({
  model, max_tokens: 1000, messages: [{ role: "user", content: prompt }],
  ...more,
});
const tools = Object.entries(schemas).map(([name, input_schema]) =>
  ({ name, input_schema }));

await test("anthropic: models", async () => {
  const ids = [];
  for await (const m of client.models.list()) ids.push(m.id);
  assert.deepEqual(ids, dialects);
  const m = await client.models.retrieve("gemini");
  assert.equal(m.type, "model");
  await assert.rejects(client.models.retrieve("none"),
    Anthropic.NotFoundError);
});

await test("anthropic: the stranger", async () => {
  const stranger = new Anthropic({ baseURL: base, apiKey: "no",
    maxRetries: 0 });
  await assert.rejects(stranger.messages.create(ask("openai", "x")), (e) =>
    e instanceof Anthropic.AuthenticationError
    && e.error.error.type === "authentication_error" && !!e.requestID);
});

for (const model of dialects) {
  await test(`anthropic: whole answer, ${model}`, async () => {
    const { prompt } = said({ text: "Good day \u2713", usage: "5,3" });
    const m = await client.messages.create(ask(model, prompt));
    assert.deepEqual(m.content.map((b) => [b.type, b.text]),
      [["text", "Good day \u2713"]]);
    assert.equal(m.stop_reason, "end_turn");
    assert.equal(m.model, model);
    assert.deepEqual([m.usage.input_tokens, m.usage.output_tokens], [5, 3]);
  });

  await test(`anthropic: stream, ${model}`, async () => {
    const { prompt } = said({ text: "Good day to you", usage: "5,3" });
    let text = "";
    const stream = client.messages.stream(ask(model, prompt))
      .on("text", (t) => { text += t; });
    const m = await stream.finalMessage();
    assert.equal(text, "Good day to you");
    assert.equal(m.content[0].text, text);
    assert.equal(m.stop_reason, "end_turn");
    assert.equal(m.usage.output_tokens, 3);
  });

  for (const stream of [false, true]) {
    await test(`anthropic: tool runner edits a file, stream ${stream}, `
               + model, async () => {
      const { id, prompt } = edits();
      const file = workspace();
      const runner = client.beta.messages.toolRunner({
        ...ask(model, prompt),
        stream,
        tools: tools.map((t) => ({ ...t, type: "custom", parse: (x) => x,
                                   run: (x) => file[t.name](x) })),
      });
      const m = await runner.runUntilDone();
      assert.equal(m.content[0].text, "All done.");
      assert.equal(file.text(), edited);
      // It tries whether the provider keeps its threads.
      const rows = (await asked(id, 3)).filter(
        (r) => !/"thread": ?\{/.test(r.body));
      assert.equal(rows.length, 3);
    });
  }

  await test(`anthropic: two calls at once, ${model}`, async () => {
    const { prompt } = said({ text: "I do.", tool: ["read", {}] });
    const both = prompt.replace(">>", "&tool="
      + encodeURIComponent('edit:{"old":"a\\n","new":"\\"b\\""}') + ">>");
    const m = await client.messages.stream(ask(model, both, { tools }))
      .finalMessage();
    assert.equal(m.stop_reason, "tool_use");
    assert.deepEqual(m.content.map((b) => b.text ?? [b.name, b.input]),
      ["I do.", ["read", {}], ["edit", { old: "a\n", new: "\"b\"" }]]);
    assert.notEqual(m.content[1].id, m.content[2].id);
  });

  await test(`anthropic: tokens are counted, none is made, ${model}`,
    async () => {
      const { id, prompt } = said({ usage: "5,3" });
      const { model: _, max_tokens, ...rest } = ask(model, prompt);
      const n = await client.messages.countTokens({ model, ...rest, tools });
      assert.ok(n.input_tokens > 0);
      if (model !== "anthropic") return nothingAsked(id);
      assert.equal(n.input_tokens, 5);
      assert.match((await asked(id))[0].target, /count_tokens/);
    });

  await test(`anthropic: errors have their classes, ${model}`, async () => {
    for (const [status, kind] of [[400, Anthropic.BadRequestError],
      [429, Anthropic.RateLimitError], [500, Anthropic.InternalServerError]]) {
      const { prompt } = said({ status, message: "too odd" }, "error");
      for (const stream of [false, true]) {
        await assert.rejects(
          client.messages.create(ask(model, prompt, { stream })),
          (e) => e instanceof kind && (status !== 400
                                       || /too odd/.test(e.message)));
      }
    }
  });

  for (const [state, { call, ...options }] of Object.entries(silences)) {
    await test(`anthropic: silence ${state}, ${model}`, async () => {
      const { prompt } = said(call
        ? { tool: ["edit", { old: "a", new: "b" }], ...options }
        : { text: "one two three four", ...options });
      const m = await client.messages.stream(ask(model, prompt, { tools }))
        .finalMessage();
      if (call) assert.deepEqual(m.content[0].input, { old: "a", new: "b" });
      else assert.equal(m.content[0].text, "one two three four");
    });
  }

  await test(`anthropic: a provider's death is an error, ${model}`,
    async () => {
      const whole = model === "gemini" || model === "ollama";
      for (const options of [
        { text: "one two three", stop: 2 },
        { tool: ["edit", { old: "hello", new: "x" }], stop: whole ? 1 : 2 }]) {
        const file = workspace();
        const { prompt } = said({ ...options, stopped: "close" });
        await assert.rejects(client.messages.stream(
          ask(model, prompt, { tools })).finalMessage(), Anthropic.APIError);
        await assert.rejects(client.beta.messages.toolRunner({
          ...ask(model, prompt), stream: true,
          tools: tools.map((t) => ({ ...t, type: "custom", parse: (x) => x,
                                     run: (x) => file[t.name](x) })),
        }).runUntilDone(), Anthropic.APIError);
        assert.equal(file.text(), "hello world\n");
      }
    });

  await converses("ai anthropic", ai(model), model, {
    dies: (errors) => assert.equal(errors.length, 1) });
}
