// Copyright (C) 2026 The f0 authors
//
// The openai package, Continue's adapters, and the AI SDK.

import assert from "node:assert/strict";

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { constructLlmApi } from "@continuedev/openai-adapters";
import { generateText, jsonSchema, streamText, tool } from "ai";
import OpenAI from "openai";

const { F0_URL: url, F0_KEY: key, F0_CONTROL: control } = process.env;
const openai = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0 });
const model = "f0-code-agent";

let failed = 0;

async function test(name, run) {
  try {
    await run();
    console.log(`ok   ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAIL ${name}: ${e.stack ?? e}`);
  }
}

const say = (text) => [{ role: "user", content: text }];

const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a city",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    },
  },
};

// How many requests with a tag reached the provider, and whether they ended.
async function asked(id, closed) {
  const wait = closed ? "&closed=1&seconds=5" : "";
  const answer = await fetch(`${control}/wait?id=${id}${wait}`);
  return answer.json();
}

await test("openai: models", async () => {
  const ids = [];
  for await (const m of await openai.models.list()) ids.push(m.id);
  assert.deepEqual(ids, [model, "f0-agent"]);
  assert.equal((await openai.models.retrieve(model)).id, model);
});

await test("openai: whole answer", async () => {
  const r = await openai.chat.completions.create({
    model,
    messages: say("<<say?text=Good%20day%20%E2%9C%93&usage=5,3>>"),
  });
  assert.equal(r.choices[0].message.content, "Good day \u2713");
  assert.equal(r.choices[0].finish_reason, "stop");
  assert.equal(r.usage.total_tokens, 8);
});

await test("openai: stream", async () => {
  const stream = await openai.chat.completions.create({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: say("<<say?text=Good%20day&usage=5,3>>"),
  });
  let text = "";
  let usage = null;
  const reasons = [];
  for await (const c of stream) {
    text += c.choices[0]?.delta.content ?? "";
    if (c.choices[0]?.finish_reason) reasons.push(c.choices[0].finish_reason);
    if (c.usage) usage = c.usage;
  }
  assert.equal(text, "Good day");
  assert.deepEqual(reasons, ["stop"]);
  assert.equal(usage.completion_tokens, 3);
});

await test("openai: stream helper", async () => {
  const runner = openai.chat.completions.stream({
    model,
    messages: say("<<say?text=one%20two%20three>>"),
  });
  const last = await runner.finalChatCompletion();
  assert.equal(last.choices[0].message.content, "one two three");
  assert.equal(last.choices[0].message.role, "assistant");
});

await test("openai: a tool's round", async () => {
  const cities = [];
  const runner = openai.chat.completions.runTools({
    model,
    stream: true,
    messages: say('<<say?id=rt&1.tool=weather:%7B"city":"Oslo"%7D&2.text=Rain>>'),
    tools: [{
      type: "function",
      function: {
        ...weather.function,
        parse: JSON.parse,
        function: (a) => { cities.push(a.city); return "rain"; },
      },
    }],
  });
  assert.equal(await runner.finalContent(), "Rain");
  assert.deepEqual(cities, ["Oslo"]);
});

await test("openai: errors have their classes", async () => {
  const create = (content, client = openai) =>
    client.chat.completions.create({ model, messages: say(content) });
  await assert.rejects(create("<<error?status=429>>"), OpenAI.RateLimitError);
  await assert.rejects(create("<<error?status=500>>"),
    OpenAI.InternalServerError);
  await assert.rejects(create("<<error?status=400&code=odd>>"), (e) =>
    e instanceof OpenAI.BadRequestError && e.code === "odd"
    && e.type === "invalid_request_error");
  const stranger = new OpenAI({ baseURL: url, apiKey: "no", maxRetries: 0 });
  await assert.rejects(create("x", stranger), (e) =>
    e instanceof OpenAI.AuthenticationError && e.code === "invalid_api_key");
  await assert.rejects(
    openai.chat.completions.create({ model: "none", messages: say("x") }),
    (e) => e instanceof OpenAI.NotFoundError && e.code === "model_not_found");
});

await test("openai: retries a 429, not the operator's 401", async () => {
  const patient = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 2 });
  const r = await patient.chat.completions.create({
    model,
    messages: say("<<say?id=re&1.name=error&1.status=429&text=fine"
                  + "&1.header=retry-after-ms:%2010>>"),
  });
  assert.equal(r.choices[0].message.content, "fine");
  assert.equal((await asked("re")).length, 2);
  await assert.rejects(patient.chat.completions.create({
    model,
    messages: say("<<error?id=re401&status=401>>"),
  }));
  assert.equal((await asked("re401")).length, 1);
});

await test("openai: a cut stream is an error", async () => {
  const stream = await openai.chat.completions.create({
    model,
    stream: true,
    messages: say("<<say?text=one%20two&stop=1&stopped=close>>"),
  });
  await assert.rejects(async () => {
    for await (const c of stream) assert.ok(c.choices);
  }, (e) => e.code === "stream_truncated");
});

await test("openai: abort reaches the provider", async () => {
  const stream = await openai.chat.completions.create({
    model,
    stream: true,
    messages: say("<<say?id=ab&text=one%20two&stop=1>>"),
  });
  for await (const c of stream) {
    if (c.choices[0].delta.content) break;
  }
  stream.controller.abort();
  const rows = await asked("ab", true);
  assert.ok(rows[0].closed);
});

await test("continue: stream and whole answer", async () => {
  const api = constructLlmApi({
    provider: "openai",
    apiBase: url + "/",
    apiKey: key,
  });
  const body = { model, messages: say("<<say?text=Good%20day>>") };
  let text = "";
  const signal = new AbortController().signal;
  for await (const c of api.chatCompletionStream(
    { ...body, stream: true }, signal)) {
    text += c.choices[0]?.delta.content ?? "";
  }
  assert.equal(text, "Good day");
  const r = await api.chatCompletionNonStream(
    { ...body, stream: false }, signal);
  assert.equal(r.choices[0].message.content, "Good day");
});

await test("continue: a tool call", async () => {
  const api = constructLlmApi({
    provider: "openai", apiBase: url + "/", apiKey: key });
  let args = "";
  let name = "";
  for await (const c of api.chatCompletionStream({
    model,
    stream: true,
    tools: [weather],
    messages: say('<<say?tool=weather:%7B"city":"Oslo"%7D>>'),
  }, new AbortController().signal)) {
    const call = c.choices[0]?.delta.tool_calls?.[0];
    name += call?.function?.name ?? "";
    args += call?.function?.arguments ?? "";
  }
  assert.equal(name, "weather");
  assert.deepEqual(JSON.parse(args), { city: "Oslo" });
});

const provider = createOpenAICompatible({
  name: "f0", baseURL: url, apiKey: key, includeUsage: true });

await test("ai: text", async () => {
  const r = await generateText({
    model: provider(model),
    maxRetries: 0,
    prompt: "<<say?text=Good%20day&usage=5,3>>",
  });
  assert.equal(r.text, "Good day");
  assert.equal(r.finishReason, "stop");
  assert.equal(r.usage.outputTokens, 3);
});

await test("ai: stream", async () => {
  const r = streamText({
    model: provider(model),
    maxRetries: 0,
    prompt: "<<say?text=Good%20day%20to%20you&usage=5,3>>",
  });
  let text = "";
  for await (const part of r.textStream) text += part;
  assert.equal(text, "Good day to you");
  assert.equal(await r.finishReason, "stop");
  assert.equal((await r.usage).inputTokens, 5);
});

await test("ai: a tool call", async () => {
  const r = await generateText({
    model: provider(model),
    maxRetries: 0,
    prompt: '<<say?tool=weather:%7B"city":"Oslo"%7D>>',
    tools: {
      weather: tool({
        description: "The weather of a city",
        inputSchema: jsonSchema(weather.function.parameters),
      }),
    },
  });
  assert.equal(r.finishReason, "tool-calls");
  assert.deepEqual(r.toolCalls[0].input, { city: "Oslo" });
});

await test("ai: an error's message is f0's", async () => {
  await assert.rejects(generateText({
    model: provider(model),
    maxRetries: 0,
    prompt: "<<error?status=400&message=too%20odd>>",
  }), /too odd/);
});

process.exitCode = failed ? 1 : 0;
