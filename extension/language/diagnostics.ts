// Every message a text can earn, in one table: code → severity and words. Lowering raises them through a Reporter.

import type { Diagnostic, Fix, RelatedPlace, Severity } from "../../engine/protocol/diagnostic";
import type { Range } from "../../engine/protocol/text";

interface Message<Parameters extends readonly never[]> {
  readonly severity: Severity;
  readonly text: (...parameters: Parameters) => string;
}

const error = <const P extends readonly unknown[]>(text: (...parameters: P) => string) =>
  ({ severity: "error", text }) as const;
const warning = <const P extends readonly unknown[]>(text: (...parameters: P) => string) =>
  ({ severity: "warning", text }) as const;
const information = <const P extends readonly unknown[]>(text: (...parameters: P) => string) =>
  ({ severity: "information", text }) as const;

/** `suggestion` is the nearest name there is, if one is near. */
const unknown = (what: string) =>
  error((name: string, suggestion?: string) => `unknown ${what} ${name}${question(suggestion)}`);

export const messages = {
  // The text itself.
  syntax: error((message: string) => message),
  "too-deep": error(() => "this expression is nested too deeply: bind its parts to names"),
  "too-many-problems": information((limit: number) => `only the first ${limit} problems of this file are shown`),
  "not-supported": error((what: string) => `${what} part of the language, but this version cannot run it yet`),

  // Names.
  "unknown-name": unknown("name"),
  "unknown-layer": unknown("layer"),
  "unknown-function": unknown("function"),
  "unknown-loss": unknown("loss"),
  "unknown-optimizer": unknown("optimizer"),
  "unknown-schedule": unknown("schedule"),
  "unknown-regularizer": unknown("regularizer"),
  "unknown-clip": unknown("clip"),
  "unknown-stopping": unknown("stopping rule"),
  "unknown-initializer": unknown("initializer"),
  "unknown-metric": unknown("metric"),
  "unknown-dataset": unknown("data source"),
  "unknown-network": unknown("network"),
  "unknown-data": unknown("data"),
  "unknown-training": unknown("training"),
  "unknown-entry": error(
    (body: string, name: string, suggestion?: string) => `a ${body} has no entry ${name}${question(suggestion)}`,
  ),
  "unknown-type": error(
    (name: string) => `unknown type ${name}: an attribute is int, float, bool or string, an input has a shape like [2]`,
  ),
  "unknown-member": error((owner: string, name: string, members: string) => `${owner} has no ${name}: ${members}`),
  "unknown-argument": error(
    (callable: string, name: string, suggestion?: string) =>
      `${callable} has no argument ${name}${question(suggestion)}`,
  ),
  "duplicate-name": error((name: string) => `${name} is already the name of something else here: names are bound once`),
  "duplicate-argument": error((callable: string, name: string) => `${callable} is given ${name} twice`),
  "duplicate-entry": error((name: string) => `${name} is given twice: the first one counts`),
  "duplicate-training": error(
    (name: string) => `there already is a training called ${name}: name this one with \`as\``,
  ),
  "duplicate-check": error((title: string) => `there already is a check called "${title}"`),
  cycle: error((path: string) => `${path}: a value cannot be computed from itself`),

  // Arguments.
  "missing-argument": error(
    (callable: string, name: string, summary: string) => `${callable} needs ${name}${summary && `: ${summary}`}`,
  ),
  "too-many-arguments": error(
    (callable: string, most: number) =>
      `${callable} takes ${most === 0 ? "no arguments" : most === 1 ? "one argument" : `at most ${most} arguments`}`,
  ),
  "positional-after-named": error(() => "arguments without a name stand before those with one"),
  "argument-type": error((name: string, expected: string, found: string) => `${name} must be ${expected}; ${found}`),
  "argument-range": error(
    (name: string, bound: string, given: string) => `${name} must be ${bound}; ${given} was given`,
  ),
  "not-constant": error(
    (name: string) => `${name} must be known before the network runs: numbers, attributes and arithmetic of them`,
  ),
  "ragged-literal": error(() => "the rows of this literal differ in length, or numbers and rows are mixed"),
  "not-a-number": error(() => "a tensor literal holds numbers only"),
  "empty-literal": error(() => "a tensor literal needs at least one number"),

  // Networks.
  "missing-return": error((name: string) => `${name} returns nothing: end it with \`return\` and a value`),
  "second-return": error(() => "a network returns once: give several outputs as `return { a: …, b: … }`"),
  "return-not-last": warning(() => "`return` gives the network's output: let it be the last statement"),
  "attribute-unset": information(
    (name: string) => `${name} has neither a default nor a use in this file that gives it a value: shapes stay unknown`,
  ),
  "attribute-as-value": error((name: string) => `${name} is a text, which no value can be computed from`),
  "layer-expected": error(() => "`layer` shares a layer: write its name and arguments, as in a pipeline"),
  "input-default": error(
    (name: string) => `${name} is an input and has no default; an attribute has a type: \`${name}: int = 1\``,
  ),
  "layer-without-input": error((name: string) => `${name} needs an input: write \`x -> ${name}\``),
  "layer-instance-call": error((name: string) => `${name} already has its arguments: write \`-> ${name}\``),
  "parameter-without-shape": error(
    (name: string) => `${name} needs a shape, \`${name}: [2, 3] = …\`, or numbers to begin with`,
  ),
  "parameter-without-start": error(
    (name: string) => `${name} needs numbers to begin with: \`= [[1, 2]]\`, \`= 0\` or the name of an initializer`,
  ),
  "parameter-shape": error(
    (name: string, declared: string, found: string) => `${name} is declared ${declared}, but its numbers are ${found}`,
  ),
  "parameter-file": error((message: string) => message),
  shape: error((message: string) => message),
  "shared-weights": error(
    (name: string, first: string, second: string) =>
      `${name} is shared: its weights are ${first} where it was first used, but would have to be ${second} here`,
  ),
  "not-a-value": error((what: string) => `${what}, where a value is expected`),
  "not-callable": error((name: string) => `${name} is a value, not a layer or function: nothing can be passed to it`),
  "reserved-name": error(
    (name: string) => `${name} has a meaning of its own in losses and checks: choose another name`,
  ),
  "unused-value": information((name: string) => `${name} is never used: the output does not depend on it`),

  // Blocks.
  "block-cycle": error((path: string) => `${path}: a block cannot contain itself`),
  "block-inputs": error(
    (name: string, count: number, given: number) =>
      `${name} takes ${count === 0 ? "no input" : count === 1 ? "one input" : `${count} inputs`}, but gets ${given}`,
  ),
  "block-input-shape": error(
    (block: string, input: string, needed: string, found: string) => `${block} needs ${input}: ${needed}, but ${found}`,
  ),
  "several-outputs": error(
    (name: string, outputs: readonly string[]) =>
      `${name} gives several values, ${outputs.join(" and ")}: name it and write which, \`r.${outputs[0]}\``,
  ),
  "too-large": error((reason: string) => `${reason}: this is more than can be shown and run`),

  // Imports.
  "import-missing": error((message: string) => message),
  "import-cycle": error((path: string) => `${path}: files cannot import each other in a circle`),
  "import-error": error(
    (path: string, line: number, message: string) => `${path} has errors; the first is in line ${line}: ${message}`,
  ),
  "imported-error": error((where: string, message: string) => `in ${where}: ${message}`),

  // Data.
  "data-source": error(
    () => 'a data declaration names its source: `data Flowers = Csv("flowers.csv", target: "kind")`',
  ),
  "data-problem": error((message: string) => message),

  // Trainings.
  "missing-entry": error(
    (body: string, name: string, example: string) => `this ${body} needs ${name}, for example \`${example}\``,
  ),
  "input-count": error(
    (network: string, count: number) =>
      `${network} has ${count === 0 ? "no input" : `${count} inputs`}, but a data set feeds exactly one`,
  ),
  "data-shape": error(
    (data: string, given: string, input: string, needed: string) =>
      `a sample of ${data} is ${given}, but ${input} needs ${needed}`,
  ),
  "loss-shape": error((message: string) => message),
  "loss-not-single": error(
    (shape: string) => `a loss is a single number for each sample, but this is ${shape}: take its mean or its sum`,
  ),
  "loss-in-formula": error(
    (name: string) =>
      `${name} cannot be a part of an expression: write its formula, and penalties under \`regularize\``,
  ),
  "class-count": error(
    (data: string, classes: number, outputs: number) =>
      `${data} has ${classes} classes, but the network tells only ${outputs} apart`,
  ),
  "block-as-network": error((name: string) => `${name} is a block: use it in a network, and train or check that`),
  // A consequence: the error itself stands in the network.
  "network-error": information((name: string) => `${name} cannot run before its errors are gone`),
  "training-error": information((name: string) => `${name} cannot run before its errors are gone`),
  // Shows when it runs: `breakdown.ts` gives it, and no reporter.
  "not-finite": error((message: string) => message),

  // Checks.
  "input-shape": error(
    (name: string, needed: string, found: string) =>
      `${name} is ${needed} for one sample, or a batch of them; ${found} was given`,
  ),
  "batch-size": error(
    (first: string, size: string, second: string, other: string) => `${first} has ${size}, but ${second} has ${other}`,
  ),
  "target-shape": error((found: string, reason: string) => `this target is ${found}: ${reason}`),
  "class-index": error(
    (found: string, classes: number) =>
      `there is no class ${found}: the output's ${classes} are numbered 0 to ${classes - 1}`,
  ),
  "upstream-shape": error((needed: string, found: string) => `the output is ${needed}, but upstream is ${found}`),
  "given-target": error((text: string) => `${text} is no parameter of the network: only those can be given`),
  "given-shape": error((name: string, needed: string, found: string) => `${name} is ${needed}; ${found} was given`),
  "expect-comparison": error(() => "an `expect` compares two sides: `expect loss < 0.5`"),
  "expect-shape": error((left: string, right: string) => `the left side is ${left}, but the right side is ${right}`),
  "needs-loss": error((what: string) => `${what} needs a loss: add \`loss: …\` to this check`),
  "needs-target": error((what: string) => `${what} needs a target: add \`target: …\` to this check`),
  "needs-optimizer": error(() => "`step` needs an optimizer: add `optimizer: …` to this check"),
  "jacobian-of": error(
    (text: string) => `jacobian takes two values or parameters of the network, as in jacobian(y, x), not ${text}`,
  ),
  "jacobian-of-batch": error(() => "a Jacobian is that of one sample: give the inputs without the batch dimension"),
  "layer-in-formula": error(
    (name: string) => `${name} is a layer: bind it to a name in the network and write that name here`,
  ),
  "after-training": error(
    (what: string, training: string, network: string) =>
      `${what} differs from sample to sample: a check after ${training} looks at parameters, loss and metrics; for the rest give inputs, \`check "…" on ${network}(…)\``,
  ),
  "after-entry": error(
    (name: string, training: string) =>
      `${name} is for checks with inputs: ${training} has its own, and has run to its end`,
  ),
  "gradient-of": error((text: string) => `grad takes a value of the network, \`target\` or a parameter, not ${text}`),
  "nothing-expected": warning(() => "this check expects nothing: add `expect …`"),
} satisfies Record<string, Message<never>>;

export type Code = keyof typeof messages;

type ParametersOf<C extends Code> = Parameters<(typeof messages)[C]["text"]>;

export interface Extras {
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
}

/** Where lowering says what is wrong. */
export interface Reporting {
  /** Whether nothing more is kept, so that no effort is needed for it. */
  readonly isFull: boolean;
  /** A second report of the same code at the same place is dropped: other instances of a network have the same error. */
  report<C extends Code>(code: C, range: Range, parameters: ParametersOf<C>, extras?: Extras): void;
}

/** Reports the same, with one more place that explains it. */
export function alsoNaming(reporter: Reporting, place: RelatedPlace): Reporting {
  return {
    get isFull() {
      return reporter.isFull;
    },
    report: (code, range, parameters, { related = [], fixes = [] } = {}) =>
      reporter.report(code, range, parameters, { related: [...related, place], fixes }),
  };
}

/**
 * For the text of another file: its errors are reported at one place of this one, saying where they are; those that
 * `isTold` knows are told at the import already.
 */
export function elsewhere(
  reporter: Reporting,
  place: Range,
  where: string,
  isTold: (message: string) => boolean,
): Reporting {
  return {
    get isFull() {
      return reporter.isFull;
    },
    report: (code, _, parameters) => {
      const { severity, message } = inWords(code, parameters);
      if (severity === "error" && !isTold(message)) reporter.report("imported-error", place, [where, message]);
    },
  };
}

function inWords<C extends Code>(code: C, parameters: ParametersOf<C>): { severity: Severity; message: string } {
  const { severity, text } = messages[code] as { severity: Severity; text: (...given: unknown[]) => string };
  return { severity, message: text(...parameters) };
}

/** Collects what is wrong, each thing once. */
export class Reporter implements Reporting {
  private readonly found = new Map<string, Diagnostic>();
  private overflowed = false;

  /** textLength bounds every range, so that none points past the end. */
  constructor(private readonly textLength: number) {}

  report<C extends Code>(code: C, range: Range, parameters: ParametersOf<C>, extras: Extras = {}): void {
    const key = `${code} ${range.start} ${range.end}`;
    if (this.found.has(key)) return;
    if (this.isFull) {
      this.overflowed = true;
      return;
    }
    this.found.set(key, {
      code,
      range: this.inside(range),
      ...inWords(code, parameters),
      related: extras.related ?? [],
      fixes: extras.fixes ?? [],
    });
  }

  get isFull(): boolean {
    return this.found.size >= maximum;
  }

  /** Ordered by place. */
  diagnostics(): readonly Diagnostic[] {
    const ordered = [...this.found.values()].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
    if (this.overflowed) {
      const { severity, text } = messages["too-many-problems"];
      const range = { start: 0, end: 0 };
      ordered.unshift({ code: "too-many-problems", severity, range, message: text(maximum), related: [], fixes: [] });
    }
    return ordered;
  }

  private inside({ start, end }: Range): Range {
    const clamped = Math.max(0, Math.min(start, this.textLength));
    return { start: clamped, end: Math.max(clamped, Math.min(end, this.textLength)) };
  }
}

const maximum = 199; // With the line that says so, 200 diagnostics a file.

function question(suggestion: string | undefined): string {
  return suggestion === undefined ? "" : `: did you mean ${suggestion}?`;
}
