// Copyright (C) 2026 The f0 authors
//
// What the scripts of this folder share: tests, and prompts that tell the
// scripted provider what to answer.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const { F0_URL: url, F0_KEY: key, F0_CONTROL: control } = process.env;
export const dialects = ["openai", "anthropic", "gemini", "ollama",
  "responses"];

let failed = 0;
process.on("exit", () => { if (failed) process.exitCode = 1; });

export async function test(name, run) {
  try {
    await run();
    console.log(`ok   ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAIL ${name}: ${e.stack ?? e}`);
  }
}

// The provider's answer: options of t/lib/provider.py, those of a tool as
// [name, arguments].
let tags = 0;
export function said(options, name = "say") {
  const id = `t${process.pid}-${++tags}`;
  const words = Object.entries({ id, ...options }).map(([k, v]) =>
    `${k}=${encodeURIComponent(
      Array.isArray(v) ? `${v[0]}:${JSON.stringify(v[1])}` : v)}`);
  return { id, prompt: `Do it. <<${name}?${words.join("&")}>>` };
}

// What reached the provider.
export async function asked(id, n = 1) {
  const answer = await fetch(`${control}/wait?id=${id}&n=${n}&seconds=5`);
  return answer.json();
}

export async function nothingAsked(id) {
  const rows = await (await fetch(`${control}/requests?id=${id}`)).json();
  assert.deepEqual(rows, []);
}

// A file, and the two tools that a model has for it.
export function workspace() {
  const path = join(mkdtempSync(join(tmpdir(), "f0-")), "a.txt");
  writeFileSync(path, "hello world\n");
  return {
    path,
    text: () => readFileSync(path, "utf8"),
    read: () => readFileSync(path, "utf8"),
    edit({ old, new: text }) {
      const before = readFileSync(path, "utf8");
      assert.ok(before.includes(old));
      writeFileSync(path, before.replace(old, text));
      return "edited";
    },
  };
}

export const schemas = {
  read: { type: "object", properties: {}, additionalProperties: false },
  edit: {
    type: "object",
    properties: { old: { type: "string" }, new: { type: "string" } },
    required: ["old", "new"],
    additionalProperties: false,
  },
};

// Reads, edits, and says so.
export const edits = () => said({
  "r0.tool": ["read", {}],
  "r1.tool": ["edit", { old: "hello", new: "good\u00adbye \u2713" }],
  "r2.text": "All done.",
  usage: "11,3",
});
export const edited = "good\u00adbye \u2713 world\n";

// Ways to fall silent for longer than f0 waits with a sign of life; "call":
// inside of one.
export const silences = {
  "before the head": { wait: 500 },
  "behind the start": { first: 500 },
  "in a text": { pause: "2:500" },
  "in a call": { pause: "2:500", call: true },
};
