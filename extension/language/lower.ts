// SourceFile → Module and diagnostics. Each declaration is lowered for itself; a train and a check get a network of
// their own with their attribute values put in. Never throws; reads nothing but what the Environment tells.

import type { Diagnostic } from "../../engine/protocol/diagnostic";
import type { Check, Mention, Module, Training, ValueId } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import type { Environment } from "./analyze";
import type { CheckDeclaration, Declaration, Identifier, SourceFile, TrainDeclaration } from "./ast";
import { Reporter } from "./diagnostics";
import { lowerCheck } from "./lower/check";
import type { Context } from "./lower/context";
import { type LoweredData, lowerData } from "./lower/data";
import { rename, suggest } from "./lower/fixes";
import { type LoweredNetwork, lowerNetwork } from "./lower/network";
import { type AttributeValues, type BoundUse, bindUse, readSignature, type Signature } from "./lower/signature";
import { lowerTraining } from "./lower/training";
import { reportUnused } from "./lower/unused";

export interface Lowered {
  readonly module: Module;
  /** Ordered by place. */
  readonly diagnostics: readonly Diagnostic[];
}

export function lower(file: SourceFile, text: string, environment: Environment): Lowered {
  const reporter = new Reporter(text.length);
  for (const problem of file.problems) reporter.report("syntax", problem.range, [problem.message]);
  const module = new Lowering(file, text, environment, reporter).module();
  return { module, diagnostics: reporter.diagnostics() };
}

/** A train or check with its network's arguments bound. */
interface Use {
  readonly signature: Signature;
  readonly place: Identifier;
  readonly bound: BoundUse;
}

class Lowering {
  private readonly context: Context;
  private readonly mentions: Mention[] = [];
  private readonly signatures = new Map<string, Signature>();
  private readonly blocks = new Set<string>();
  private readonly data = new Map<string, LoweredData | undefined>();
  private readonly dataRanges = new Map<string, Range>();
  private readonly usesOf = new Map<Signature, Use[]>();
  private readonly uses = new Map<Declaration, Use>();
  private readonly displayed = new Map<Signature, LoweredNetwork>();
  private readonly instances = new Map<Signature, Map<string, LoweredNetwork>>();
  private readonly trainings = new Map<string, Range>();
  private readonly checks = new Map<string, Range>();
  /** Names that are not found here may come from there. */
  private imports = false;

  constructor(
    private readonly file: SourceFile,
    text: string,
    environment: Environment,
    private readonly reporter: Reporter,
  ) {
    const mention: Context["mention"] = (range, subject) => this.mentions.push({ range, subject });
    this.context = { text, environment, reporter, mention };
  }

  module(): Module {
    const { declarations } = this.file;
    for (const declaration of declarations) this.declare(declaration);
    for (const declaration of declarations) this.bindUse(declaration);
    for (const signature of this.signatures.values()) this.display(signature);
    const observed = new Map<Signature, Set<ValueId>>();
    const trainings = declarations.flatMap((declaration): Training[] => {
      const training = declaration.kind === "train" ? this.training(declaration) : undefined;
      return training ? [training] : [];
    });
    const checks = declarations.flatMap((declaration): Check[] => {
      const check = declaration.kind === "check" ? this.check(declaration, observed) : undefined;
      return check ? [check] : [];
    });
    for (const [signature, lowered] of this.displayed) {
      reportUnused(this.context, signature, lowered, observed.get(signature) ?? new Set());
    }
    return {
      networks: [...this.displayed.values()].map(({ network }) => network),
      data: [...this.data.values()].flatMap((lowered) => (lowered ? [lowered.declaration] : [])),
      trainings,
      checks,
      mentions: this.mentions.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end),
    };
  }

  private declare(declaration: Declaration): void {
    switch (declaration.kind) {
      case "import":
        this.imports = true;
        this.reporter.report("not-supported", declaration.range, ["`import` is"]);
        return;
      case "block":
        this.blocks.add(declaration.name.name);
        this.reporter.report("not-supported", declaration.name.range, ["`block` is"]);
        return;
      case "network": {
        const { name } = declaration;
        const earlier = this.signatures.get(name.name)?.declaration.name.range;
        if (!this.isFirst(name, earlier)) return;
        this.context.mention(name.range, { kind: "network", name: name.name });
        this.signatures.set(name.name, readSignature(this.context, declaration));
        return;
      }
      case "data": {
        const { name } = declaration;
        if (!this.isFirst(name, this.dataRanges.get(name.name))) return;
        this.dataRanges.set(name.name, name.range);
        this.context.mention(name.range, { kind: "data", name: name.name });
        this.data.set(name.name, lowerData(this.context, declaration));
        return;
      }
      case "train":
      case "check":
        return;
      default:
        declaration satisfies never;
    }
  }

  private isFirst({ name, range }: Identifier, earlier: Range | undefined): boolean {
    if (name === "") return false;
    if (earlier === undefined) return true;
    const related = [{ range: earlier, message: `${name} is declared here` }];
    this.reporter.report("duplicate-name", range, [name], { related });
    return false;
  }

  private bindUse(declaration: Declaration): void {
    const isCheck = declaration.kind === "check";
    if (declaration.kind !== "train" && !isCheck) return;
    if (isCheck && declaration.subject.kind === "after") return;
    const head = isCheck && declaration.subject.kind === "on" ? declaration.subject : (declaration as TrainDeclaration);
    const place = head.network;
    const signature = this.findNetwork(place);
    if (signature === undefined) return;
    const bound = bindUse(this.context, signature, place, head.arguments, { inputs: isCheck });
    const use: Use = { signature, place, bound };
    this.uses.set(declaration, use);
    const others = this.usesOf.get(signature);
    if (others === undefined) this.usesOf.set(signature, [use]);
    else others.push(use);
  }

  /** The network as diagram and hovers show it: with its defaults, otherwise as its first use has it. */
  private display(signature: Signature): void {
    const values = new Map<string, string | number | boolean>();
    for (const { name, default: preset, declaration } of signature.attributes) {
      const uses = this.usesOf.get(signature) ?? [];
      const given = uses.map(({ bound }) => bound.attributes.get(name.name)).find((value) => value !== undefined);
      const value = preset ?? given;
      if (value !== undefined) values.set(name.name, value);
      else if (declaration.default === undefined) this.reporter.report("attribute-unset", name.range, [name.name]);
    }
    const lowered = lowerNetwork(this.context, signature, values, this.blocks);
    this.displayed.set(signature, lowered);
    this.instances.set(signature, new Map([[instanceKey(values), lowered]]));
  }

  /** The network with the values of a use. Its names have been noted once, by the displayed one. */
  private instance({ signature, place, bound }: Use): LoweredNetwork {
    const instances = this.instances.get(signature)!;
    const key = instanceKey(bound.attributes);
    const known = instances.get(key);
    if (known !== undefined) return known;
    const message = `with the attributes given here`;
    const reporter = this.reporter.alsoNaming({ range: place.range, message });
    const context = { ...this.context, reporter, mention: () => {} };
    const lowered = lowerNetwork(context, signature, bound.attributes, this.blocks);
    instances.set(key, lowered);
    return lowered;
  }

  private training(declaration: TrainDeclaration): Training | undefined {
    const name = declaration.alias ?? declaration.network;
    if (declaration.alias) this.context.mention(name.range, { kind: "training", name: name.name });
    const earlier = this.trainings.get(name.name);
    if (earlier !== undefined) {
      const related = [{ range: earlier, message: "it is declared here" }];
      this.reporter.report("duplicate-training", name.range, [name.name], { related });
    } else {
      this.trainings.set(name.name, name.range);
    }
    const use = this.uses.get(declaration);
    const training = lowerTraining(this.context, declaration, {
      name: name.name,
      network: use?.bound.ok ? this.instance(use) : undefined,
      data: this.findData(declaration.data),
      findData: (data, range) => this.findData({ kind: "identifier", name: data, range }),
    });
    return earlier === undefined ? training : undefined;
  }

  private check(declaration: CheckDeclaration, observed: Map<Signature, Set<ValueId>>): Check | undefined {
    const { title, subject } = declaration;
    this.context.mention(title.range, { kind: "check", title: title.value });
    const earlier = this.checks.get(title.value);
    if (earlier !== undefined) {
      const related = [{ range: earlier, message: "it is declared here" }];
      this.reporter.report("duplicate-check", title.range, [title.value], { related });
    } else {
      this.checks.set(title.value, title.range);
    }
    if (subject.kind === "after") {
      this.afterTraining(subject.training);
      return undefined;
    }
    const use = this.uses.get(declaration);
    if (use === undefined) return undefined;
    const seen = observed.get(use.signature) ?? new Set();
    observed.set(use.signature, seen);
    const check = lowerCheck(this.context, declaration, use.place, {
      use: use.bound,
      network: this.instance(use),
      observed: (id) => seen.add(id),
    });
    return earlier === undefined ? check : undefined;
  }

  private afterTraining({ name, range }: Identifier): void {
    this.reporter.report("not-supported", range, ["`check … after` is"]);
    if (name === "") return;
    if (this.trainings.has(name)) {
      this.context.mention(range, { kind: "training", name });
      return;
    }
    const suggestion = suggest(this.context, name, this.trainings.keys());
    this.reporter.report("unknown-training", range, [name, suggestion], { fixes: rename(range, suggestion) });
  }

  private findNetwork({ name, range }: Identifier): Signature | undefined {
    if (name === "") return undefined;
    const signature = this.signatures.get(name);
    if (signature !== undefined) this.context.mention(range, { kind: "network", name });
    else if (!this.imports) {
      const suggestion = suggest(this.context, name, this.signatures.keys());
      this.reporter.report("unknown-network", range, [name, suggestion], { fixes: rename(range, suggestion) });
    }
    return signature;
  }

  private findData({ name, range }: Identifier): LoweredData | undefined {
    if (name === "") return undefined;
    if (this.data.has(name)) {
      this.context.mention(range, { kind: "data", name });
      return this.data.get(name);
    }
    if (this.imports) return undefined;
    const suggestion = suggest(this.context, name, this.data.keys());
    this.reporter.report("unknown-data", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }
}

function instanceKey(attributes: AttributeValues): string {
  return JSON.stringify([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
