import { describe, expect, test } from "vitest";
import { explanationPage } from "../../extension/language/explanation-page";
import { explanationOf } from "./snapshots";

const uri = "file:///net.nnet";

const explanation = explanationOf({
  causes: ["x[0] < 1 & more"],
  to: [{ id: "x", of: "gradient", name: "∂L/∂x" }],
  difference: { epsilon: 1e-6, number: 0.5, gradient: 0.5, relativeError: 2e-9, isZero: false },
});

describe("the card", () => {
  test("has number, formula, causes, check and links", () => {
    const page = explanationPage({ kind: "explained", explanation }, uri);
    expect(page).toContain("<h1>∂L/∂h[3][7] = 0.5</h1>");
    expect(page).toContain("Baseline: epoch 3, one of [32, 8], after step 1,200");
    expect(page).toContain('<svg role="img" aria-label="a &lt; b" width="10"/>');
    expect(page).toContain("x[0] &lt; 1 &amp; more");
    expect(page).toContain("2ε = 0.5 with ε = 1e-6, relative error 2e-9.");
    expect(page).toMatch(/Goes into<\/h2><ul><li><a href="command:nnet\.explainGradient\?[^"]+">∂L\/∂x</);
    expect(page).not.toContain("Computed from");
    expect(page).not.toContain("Check this gradient now");
  });

  test("says at a kink what the slopes on both sides are, and that nothing is there up to rounding", () => {
    const checked = { ...explanation.difference!, number: 0.25, gradient: 0 };
    const atKink = { ...explanation, difference: { ...checked, sides: { left: 0, right: 0.5 } } };
    expect(explanationPage({ kind: "explained", explanation: atKink }, uri)).toContain(
      "The loss has a kink here: its slope is 0 to the left and 0.5 to the right. The central difference is the mean of both, the training takes 0.",
    );
    const zero = { ...explanation, difference: { ...checked, number: 1e-12, isZero: true } };
    expect(explanationPage({ kind: "explained", explanation: zero }, uri)).toContain(
      "2ε = 1e-12 with ε = 1e-6: 0 up to rounding, as the gradient is.",
    );
  });

  test("of an older text or step is dimmed and says so", () => {
    const renew = { text: "Work it out again", address: "command:again" };
    const page = explanationPage({ kind: "explained", explanation, outdated: "The training has gone on.", renew }, uri);
    expect(page).toContain('<main class="old">');
    expect(page).toContain('The training has gone on. <a href="command:again">Work it out again</a>');
    expect(explanationPage({ kind: "explained", explanation }, uri)).toContain("<main>");
  });

  test("says why there is nothing to show", () => {
    const refused = explanationPage({ kind: "refused", name: "h", message: "no <gradient>" }, uri);
    expect(refused).toBe('<h1>h</h1><p role="alert">no &lt;gradient&gt;</p>');
  });
});
