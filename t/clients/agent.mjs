// Copyright (C) 2026 The f0 authors
//
// The code agent's answers, in the form of each client and at each level of
// events: what the real readers make of them is what was sent.

import assert from "node:assert/strict";

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { constructLlmApi } from "@continuedev/openai-adapters";
import { streamText } from "ai";
import OpenAI from "openai";

const { F0_URL: url, F0_KEY: key } = process.env;
const model = "f0-agent";
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

const good = "Here it is:\n\nsrc/a.js\n<<<<<<< SEARCH\nconst a = 1;\n=======\n"
  + "const a = 2; // \u2713\n>>>>>>> REPLACE\n\nDone.\n";
const bad = "src/a.js\n<<<<<<< SEARCH\nconst z = 1;\n=======\nconst z = 2;\n"
  + ">>>>>>> REPLACE\n";

const request = (text, fields) => ({
  model,
  stream: true,
  messages: [{
    role: "user",
    content: `Set a to 2 <<say?text=${encodeURIComponent(text)}>>`,
  }],
  files: [{ path: "src/a.js", content: "const a = 1;\nconst b = 2;\n" }],
  ...fields,
});

// The content and finish_reason as the bytes say them.
async function golden(body) {
  const r = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json",
               Authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  assert.equal(r.status, 200);
  let text = "";
  let finish = null;
  for (const line of (await r.text()).split("\n")) {
    if (!line.startsWith("data: ") || line === "data: [DONE]") continue;
    const c = JSON.parse(line.slice(6)).choices[0];
    text += c?.delta.content ?? "";
    finish = c?.finish_reason ?? finish;
  }
  return { text, finish };
}

const readers = {
  async openai(body) {
    const client = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0 });
    let text = "";
    let finish = null;
    for await (const c of await client.chat.completions.create(body)) {
      text += c.choices[0]?.delta.content ?? "";
      finish = c.choices[0]?.finish_reason ?? finish;
    }
    return { text, finish };
  },

  async helper(body) {
    const client = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0 });
    const last = await client.chat.completions.stream(body)
      .finalChatCompletion();
    return { text: last.choices[0].message.content ?? "",
             finish: last.choices[0].finish_reason };
  },

  async continue(body) {
    const api = constructLlmApi({
      provider: "openai", apiBase: url + "/", apiKey: key });
    let text = "";
    let finish = null;
    for await (const c of api.chatCompletionStream(
      body, new AbortController().signal)) {
      text += c.choices[0]?.delta.content ?? "";
      finish = c.choices[0]?.finish_reason ?? finish;
    }
    return { text, finish };
  },

  async ai(body) {
    // The SDK has no place for further fields: they are put in on the way.
    const provider = createOpenAICompatible({
      name: "f0", baseURL: url, apiKey: key,
      fetch: (to, init) => fetch(to, {
        ...init,
        body: JSON.stringify({ ...body, ...JSON.parse(init.body) }),
      }),
    });
    const r = streamText({
      model: provider(model),
      maxRetries: 0,
      prompt: body.messages[0].content,
      onError: ({ error }) => { throw error; },
    });
    let text = "";
    for await (const part of r.textStream) text += part;
    return { text, finish: await r.finishReason };
  },
};

const profiles = {
  continue: { ideType: "continue" },
  desktop: { ideType: "desktop" },
  vscode: { ideType: "vscode" },
  comment: { fz_stream: { progress: "comment", patches: "markdown" } },
  chunk: { fz_stream: { progress: "chunk", patches: "chunk" } },
  event: { fz_stream: { progress: "event", patches: "event" } },
  both: { fz_stream: { progress: "event", patches: "both" } },
};

for (const [profile, fields] of Object.entries(profiles)) {
  for (const [what, text] of [["edit", good], ["rejection", bad]]) {
    const body = request(text, fields);
    const sent = await golden(body);
    for (const [reader, read] of Object.entries(readers)) {
      await test(`agent: ${what}, ${profile}, read by ${reader}`, async () => {
        assert.equal(sent.finish, "stop");
        assert.ok(!sent.text.includes("<<<<<<<"));
        assert.deepEqual(await read(body), sent);
      });
    }
  }
}

process.exitCode = failed ? 1 : 0;
