// An explanation in words, the same in the hover and on the card: what is explained, its number, what it adds up, its
// check; and the commands its links are.

import type { CentralDifference, ExplainedName, Explanation } from "../../engine/protocol/explanation";
import type { ValueId } from "../../engine/protocol/network";
import { formatCount, formatNumber } from "./format-number";

/** What a link asks for: another number explained, or the diagram at its value. */
export interface ExplainRequest {
  /** Of the document. */
  readonly uri: string;
  readonly id: ValueId;
  readonly of: "value" | "gradient";
  readonly element?: readonly number[];
  readonly checkGradient?: boolean;
  /** Of the diagram: with its inspector open. */
  readonly inspect?: boolean;
}

export const explainCommand = "nnet.explainGradient";
export const showCommand = "nnet.showInDiagram";

export interface Link {
  readonly text: string;
  readonly address: string;
}

export interface ExplanationText {
  /** `∂L/∂h[3][7]` */
  readonly subject: string;
  /** As the training has it. */
  readonly number: string;
  /** `the largest gradient of 32 × 64`, … */
  readonly place: string;
  readonly causes: readonly string[];
  readonly difference: string | undefined;
  readonly from: readonly Link[];
  readonly to: readonly Link[];
  /** The other side of the same number: its value or its gradient. */
  readonly actions: readonly Link[];
}

export function explanationText(explanation: Explanation, uri: string): ExplanationText {
  const { id, of, name, element, shape, isLargest, terms, trained, step, difference } = explanation;
  const request = { uri, id, of, element };
  const numbers = shape.reduce((product, size) => product * size, 1);
  const which = isLargest && numbers > 1 ? `the largest ${of === "gradient" ? "" : "gradient's "}of ` : "one of ";
  const size = shape.length === 0 ? "" : `${numbers === 1 ? "of " : which}[${shape.join(", ")}], `;
  const added = terms.all > terms.written ? `, the ${terms.written} largest of ${formatCount(terms.all)} terms` : "";
  return {
    subject: `${name}${element.map((index) => `[${index}]`).join("")}`,
    number: formatNumber(trained.number),
    place: `${size}after step ${formatCount(step)}${added}`,
    causes: explanation.causes,
    difference: difference && differenceText(difference),
    from: explanation.from.map((other) => linkTo(other, uri)),
    to: explanation.to.map((other) => linkTo(other, uri)),
    actions: [
      ...(of === "gradient" && !difference
        ? [
            {
              text: "Check this gradient now",
              address: commandLink(explainCommand, { ...request, checkGradient: true }),
            },
          ]
        : []),
      ...(of === "gradient"
        ? [{ text: "Explain its value", address: commandLink(explainCommand, { uri, id, of: "value", element }) }]
        : []),
      { text: "Show in diagram", address: commandLink(showCommand, { uri, id, of }) },
      { text: "Open in inspector", address: commandLink(showCommand, { uri, id, of, inspect: true }) },
    ],
  };
}

function differenceText({ number, epsilon, gradient, relativeError, isZero, sides }: CentralDifference): string {
  const quotient = `Central difference: (L(x + ε) − L(x − ε)) / 2ε = ${formatNumber(number)} with ε = ${formatNumber(epsilon)}`;
  if (sides) {
    const [left, right] = [formatNumber(sides.left), formatNumber(sides.right)];
    return `${quotient}. The loss has a kink here: its slope is ${left} to the left and ${right} to the right. The central difference is the mean of both, the training takes ${formatNumber(gradient)}.`;
  }
  if (isZero) return `${quotient}: 0 up to rounding, as the gradient is.`;
  return `${quotient}, relative error ${formatNumber(relativeError)}.`;
}

function linkTo({ id, of, name, element }: ExplainedName, uri: string): Link {
  return { text: name, address: commandLink(explainCommand, { uri, id, of, ...(element && { element }) }) };
}

export function commandLink(command: string, request: ExplainRequest): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([request]))}`;
}
