// Copyright (C) 2026 The f0 authors
//
// OpenAI's SDK on Responses and the AI SDK's provider for it, on each dialect.

import assert from "node:assert/strict";

import { createOpenAI } from "@ai-sdk/openai";
import OpenAI from "openai-7";
import { zodTextFormat } from "openai-7/helpers/zod";
import { z } from "zod";

import { converses } from "./ai.mjs";
import { asked, dialects, edited, edits, key, said, schemas, silences, test,
  url, workspace } from "./kit.mjs";

const client = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0 });
const ai = createOpenAI({ baseURL: url, apiKey: key });
const options = { openai: { store: false } };
const tools = Object.entries(schemas).map(([name, parameters]) =>
  ({ type: "function", name, parameters, strict: false }));

// Asks, runs what is called, and asks again with all that was said.
async function rounds(model, prompt, file, streams) {
  const input = [{ role: "user", content: prompt }];
  for (;;) {
    const body = { model, input, tools, store: false };
    const r = streams
      ? await client.responses.stream(body).finalResponse()
      : await client.responses.create(body);
    const calls = r.output.filter((i) => i.type === "function_call");
    if (!calls.length) return r.output_text;
    input.push(...r.output);
    for (const c of calls) {
      input.push({ type: "function_call_output", call_id: c.call_id,
                   output: file[c.name](JSON.parse(c.arguments)) });
    }
  }
}

for (const model of dialects) {
  await test(`responses: whole answer, ${model}`, async () => {
    const { prompt } = said({ text: "Good day \u2713", usage: "5,3" });
    const r = await client.responses.create({ model, input: prompt });
    assert.deepEqual([r.output_text, r.status, r.model],
      ["Good day \u2713", "completed", model]);
    assert.deepEqual([r.usage.input_tokens, r.usage.output_tokens], [5, 3]);
  });

  await test(`responses: stream, ${model}`, async () => {
    const { prompt } = said({ text: "Good day to you" });
    let text = "";
    let last = null;
    for await (const e of await client.responses.create(
      { model, input: prompt, stream: true })) {
      if (e.type === "response.output_text.delta") text += e.delta;
      last = e;
    }
    assert.equal(text, "Good day to you");
    assert.equal(last.type, "response.completed");
    const r = await client.responses.stream({ model, input: prompt })
      .finalResponse();
    assert.equal(r.output_text, text);
  });

  await test(`responses: parse, ${model}`, async () => {
    const { prompt } = said({ text: "{\"city\":\"Oslo\"}" });
    const body = { model, input: prompt, text: {
      format: zodTextFormat(z.object({ city: z.string() }), "place") } };
    assert.deepEqual((await client.responses.parse(body)).output_parsed,
      { city: "Oslo" });
    const r = await client.responses.stream(body).finalResponse();
    assert.deepEqual(r.output_parsed, { city: "Oslo" });
  });

  for (const streams of [false, true]) {
    await test(`responses: edits a file, stream ${streams}, ${model}`,
      async () => {
        const { id, prompt } = edits();
        const file = workspace();
        assert.equal(await rounds(model, prompt, file, streams), "All done.");
        assert.equal(file.text(), edited);
        assert.equal((await asked(id, 3)).length, 3);
      });
  }

  await test(`responses: a custom tool, ${model}`, async () => {
    const patch = "*** Begin \"Patch\"\n\u2713 \\n";
    const custom = { type: "custom", name: "apply_patch" };
    const { prompt } = said({ "r0.tool": ["apply_patch", { input: patch }],
                              "r1.text": "All done." });
    const input = [{ role: "user", content: prompt }];
    const r = await client.responses.stream(
      { model, input, tools: [custom] }).finalResponse();
    const call = r.output.at(-1);
    assert.deepEqual([call.type, call.name, call.input],
      ["custom_tool_call", "apply_patch", patch]);
    input.push(...r.output, { type: "custom_tool_call_output",
                              call_id: call.call_id, output: "done" });
    assert.equal((await client.responses.create(
      { model, input, tools: [custom] })).output_text, "All done.");
  });

  await test(`responses: errors have their classes, ${model}`, async () => {
    for (const [status, kind] of [[400, OpenAI.BadRequestError],
      [429, OpenAI.RateLimitError], [500, OpenAI.InternalServerError]]) {
      const { prompt } = said({ status, message: "too odd" }, "error");
      for (const stream of [false, true]) {
        await assert.rejects(
          client.responses.create({ model, input: prompt, stream }),
          (e) => e instanceof kind && (status !== 400
                                       || /too odd/.test(e.message)));
      }
    }
  });

  for (const [state, { call, ...how }] of Object.entries(silences)) {
    await test(`responses: silence ${state}, ${model}`, async () => {
      const { prompt } = said(call
        ? { tool: ["edit", { old: "a", new: "b" }], ...how }
        : { text: "one two three four", ...how });
      const r = await client.responses.stream({ model, input: prompt, tools })
        .finalResponse();
      if (call) {
        assert.deepEqual(JSON.parse(r.output[0].arguments),
          { old: "a", new: "b" });
      } else {
        assert.equal(r.output_text, "one two three four");
      }
    });
  }

  await test(`responses: a provider's death is an error, ${model}`,
    async () => {
      const whole = model === "gemini" || model === "ollama";
      for (const how of [
        { text: "one two three", stop: 2 },
        { tool: ["edit", { old: "hello", new: "x" }], stop: whole ? 1 : 2 }]) {
        const file = workspace();
        const { prompt } = said({ ...how, stopped: "close" });
        await assert.rejects(rounds(model, prompt, file, true));
        assert.equal(file.text(), "hello world\n");
        const done = [];
        await assert.rejects(async () => {
          for await (const e of await client.responses.create(
            { model, input: prompt, tools, stream: true })) {
            if (e.type === "response.output_item.done") done.push(e);
          }
        }, OpenAI.APIError);
        assert.deepEqual(done.filter((e) => e.item.type === "function_call"),
          []);
      }
    });

  await converses("ai openai", ai(model), model, {
    options,
    dies: (errors) => assert.ok(errors.length >= 1) });
}
