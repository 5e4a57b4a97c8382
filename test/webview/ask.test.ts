import { expect, test } from "vitest";
import type { FromWebview } from "../../engine/protocol/webview";
import { createAsk } from "../../webview/ask";

const answer = { moments: [] };

test("an answer goes to who asked, in whatever order answers come", async () => {
  const posted: FromWebview[] = [];
  const { ask, settle } = createAsk((message) => posted.push(message));
  const [first, second] = [ask("histograms", { id: "a" }), ask("histograms", { id: "b" })];
  expect(posted).toEqual([
    { kind: "ask", id: 1, question: { method: "histograms", parameters: { id: "a" } } },
    { kind: "ask", id: 2, question: { method: "histograms", parameters: { id: "b" } } },
  ]);
  settle({ kind: "answer", id: 2, answer });
  settle({ kind: "refusal", id: 1, message: "train or step first" });
  expect(await second).toBe(answer);
  await expect(first).rejects.toThrow("train or step first");
});

test("an answer to what nobody asked is dropped", () => {
  const { settle } = createAsk(() => {});
  expect(() => settle({ kind: "answer", id: 7, answer })).not.toThrow();
});
