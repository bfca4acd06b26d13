// Copyright (C) 2026 The f0 authors
//
// What the AI SDK does with each of its providers.

import assert from "node:assert/strict";

import { generateText, isStepCount, jsonSchema, Output, streamText, tool }
  from "ai-7";

import { asked, edited, edits, said, schemas, test, workspace }
  from "./kit.mjs";

// |ai|: the SDK's model, of that name; |options|: its provider's; |dies|: judges
// the errors of an answer that was cut.
export async function converses(name, ai, model, { options, dies }) {
  await test(`${name}: text and stream, ${model}`, async () => {
    const { prompt } = said({ text: "Good day to you", usage: "5,3" });
    const r = await generateText({ model: ai, maxRetries: 0, prompt });
    assert.deepEqual([r.text, r.finishReason, r.usage.outputTokens],
      ["Good day to you", "stop", 3]);
    const s = streamText({ model: ai, maxRetries: 0, prompt });
    let text = "";
    for await (const part of s.textStream) text += part;
    assert.equal(text, "Good day to you");
    assert.equal((await s.usage).inputTokens, 5);
  });

  await test(`${name}: edits a file, ${model}`, async () => {
    const { id, prompt } = edits();
    const file = workspace();
    const s = streamText({
      model: ai, maxRetries: 0, prompt, stopWhen: isStepCount(5),
      providerOptions: options,
      onError: ({ error }) => { throw error; },
      tools: Object.fromEntries(Object.entries(schemas).map(([what, schema]) =>
        [what, tool({ inputSchema: jsonSchema(schema),
                      execute: (x) => file[what](x) })])),
    });
    assert.equal(await s.text, "All done.");
    assert.equal(file.text(), edited);
    assert.equal((await asked(id, 3)).length, 3);
  });

  await test(`${name}: an object, ${model}`, async () => {
    const { prompt } = said({ text: "{\"city\":\"Oslo\"}" });
    const r = await generateText({
      model: ai, maxRetries: 0, prompt,
      output: Output.object({ schema: jsonSchema({
        type: "object", properties: { city: { type: "string" } },
        required: ["city"], additionalProperties: false }) }),
    });
    assert.deepEqual(r.output, { city: "Oslo" });
  });

  await test(`${name}: silence and death, ${model}`, async () => {
    const call = said({ tool: ["read", {}], pause: "1:500" });
    const tools = { read: tool({ inputSchema: jsonSchema(schemas.read) }) };
    const s = streamText({ model: ai, maxRetries: 0,
                           prompt: call.prompt, tools });
    assert.equal((await s.toolCalls)[0].toolName, "read");
    const cut = said({ text: "one two three", stop: 2, stopped: "close" });
    const errors = [];
    const d = streamText({ model: ai, maxRetries: 0,
                           prompt: cut.prompt,
                           onError: ({ error }) => errors.push(error) });
    await d.consumeStream();
    dies(errors);
  });
}
