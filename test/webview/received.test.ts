// A message of the host as the webview gets it: through JSON, which has neither NaN nor infinities.

import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import type { ObservedQuantity } from "../../engine/protocol/snapshot";
import type { Posted } from "../../engine/protocol/webview";
import { summarize } from "../../engine/runtime/observe";
import { posted } from "../../extension/host/posted";
import { LiveRows } from "../../webview/diagram/live-rows";
import { Statistics } from "../../webview/inspector/statistics";
import { received } from "../../webview/received";
import { snapshot } from "./reports";

/** As VS Code does with everything but typed arrays. */
const sent = <Message extends object>(message: Message): Message =>
  received(JSON.parse(JSON.stringify(posted(message))) as Posted<Message>);

const tensor = (...numbers: number[]) => summarize({ shape: [numbers.length], data: Float64Array.from(numbers) });

/** Of a whole Snapshot, sent. */
const quantityOf = (quantity: ObservedQuantity): ObservedQuantity =>
  sent({
    kind: "frame",
    parts: [{ kind: "snapshot", stale: false, snapshot: snapshot({ quantities: { h: quantity } }) }],
  }).parts[0]!.snapshot.quantities.h!;

const inspected = (...numbers: number[]): string =>
  renderToStaticMarkup(createElement(Statistics, { summary: quantityOf({ value: tensor(...numbers) }).value }));

const drawn = (...numbers: number[]): string =>
  renderToStaticMarkup(createElement(LiveRows, { quantity: quantityOf({ value: tensor(...numbers) }), kind: "layer" }));

describe("a message that went through JSON", () => {
  test("is what it was, whichever of its numbers are not finite", () => {
    const number = fc.oneof(
      fc.integer(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        number,
        fc.string(),
        fc.constant(null),
        fc.array(tie("tree")),
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          tie("tree"),
          { noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(tree, (contents) => {
        expect(sent({ contents })).toEqual({ contents });
      }),
    );
  });

  test("carries nothing more when all of its numbers are finite", () => {
    const message = { kind: "answer", numbers: [1, null, -2] };
    expect(posted(message)).toBe(message);
  });

  test("keeps typed arrays as they are: VS Code carries them", () => {
    const numbers = Float64Array.of(Number.NaN, 1);
    expect(received(posted({ numbers })).numbers).toBe(numbers);
  });
});

describe("numbers that are not finite", () => {
  test("are counted in the inspector by what they are, beside the statistics of the rest", () => {
    const text = inspected(Number.NaN, 2, 4, Number.NEGATIVE_INFINITY);
    expect(text).toContain("<dt>mean</dt><dd>3</dd>");
    expect(text).toContain("<dt>not finite</dt><dd>1 NaN, 1 -∞</dd>");
  });

  test("have no statistics where there is no other, and the inspector says so", () =>
    expect(inspected(Number.NaN, Number.POSITIVE_INFINITY)).toBe(
      '<p class="inspector-trouble">None of its numbers is finite: 1 NaN, 1 ∞.</p>',
    ));

  test("stand in the node", () => {
    expect(drawn(Number.POSITIVE_INFINITY)).toContain(">∞<");
    expect(drawn(Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY)).toContain(">2 ∞<");
    expect(drawn(...new Array<number>(100).fill(Number.NaN))).toContain(">100 NaN or ∞<");
  });
});
