// SourceFile → Module and diagnostics. Each declaration is lowered for itself; a train and a check get a network of
// their own with their attribute values put in. Never throws; reads nothing but what the Environment tells.

import type { Diagnostic } from "../../engine/protocol/diagnostic";
import type {
  Block,
  Check,
  DataDeclaration,
  Import,
  Mention,
  Module,
  Training,
  ValueId,
} from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import type { Environment } from "./analyze";
import type { CheckDeclaration, Declaration, Identifier, ImportDeclaration, SourceFile, TrainDeclaration } from "./ast";
import { alsoNaming, elsewhere, Reporter } from "./diagnostics";
import { type BlockSource, type FileScope, placeInWords } from "./lower/block";
import { lowerCheck, lowerCheckAfter } from "./lower/check";
import type { Context } from "./lower/context";
import { describeData, type LoweredData, lowerData } from "./lower/data";
import { rename, suggest } from "./lower/fixes";
import { readImport } from "./lower/imports";
import { type LoweredNetwork, lowerNetwork, type NetworkSource } from "./lower/network";
import { type AttributeValues, type BoundUse, bindUse, readSignature } from "./lower/signature";
import { lowerTraining } from "./lower/training";
import { reportUnused } from "./lower/unused";
import { parse } from "./parser";
import { Positions } from "./positions";

export interface Lowered {
  readonly module: Module;
  /** Ordered by place. */
  readonly diagnostics: readonly Diagnostic[];
}

export function lower(file: SourceFile, text: string, environment: Environment): Lowered {
  const place = { path: undefined, folder: "", open: [], read: new Map() };
  return new Lowering(file, text, environment, place).run();
}

/** Where a file lies, as the file that is lowered sees it. */
interface FilePlace {
  /** Undefined for the file that is lowered. */
  readonly path: string | undefined;
  readonly folder: string;
  /** The imports that lead to it. */
  readonly open: readonly string[];
  /** Imported files by path. */
  readonly read: Map<string, Lowering>;
}

/** A train or check with its network's arguments bound. */
interface Use {
  readonly source: NetworkSource;
  readonly place: Identifier;
  readonly bound: BoundUse;
}

interface FirstError {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

interface DeclaredTraining {
  readonly range: Range;
  readonly training: Training | undefined;
  readonly source: NetworkSource | undefined;
  readonly network: LoweredNetwork | undefined;
}

class Lowering {
  private readonly reporter: Reporter;
  private readonly context: Context;
  private readonly mentions: Mention[] = [];
  /** Of networks and blocks, data sets: where each name is declared, or imported. */
  private readonly places = new Map<string, Range>();
  private readonly dataPlaces = new Map<string, Range>();
  private readonly networks = new Map<string, NetworkSource>();
  private readonly blocks = new Map<string, BlockSource>();
  private readonly scope: FileScope;
  private readonly data = new Map<string, LoweredData | undefined>();
  private readonly usedData = new Set<DataDeclaration>();
  private readonly usesOf = new Map<NetworkSource, Use[]>();
  private readonly uses = new Map<Declaration, Use>();
  private readonly displayed = new Map<NetworkSource, LoweredNetwork>();
  private readonly instances = new Map<NetworkSource, Map<string, LoweredNetwork>>();
  private readonly observed = new Map<NetworkSource, Set<ValueId>>();
  private readonly trainings = new Map<string, DeclaredTraining>();
  private readonly checks = new Map<string, Range>();
  private readonly imports: Import[] = [];
  private readonly imported = new Set<Lowering>();
  /** Blocks with a use whose names have been noted. */
  private readonly noted = new Set<BlockSource>();
  /** A file could not be read: names that are not found here may come from there. */
  private namesMayBeMissing = false;

  constructor(
    private readonly file: SourceFile,
    private readonly text: string,
    private readonly environment: Environment,
    private readonly place: FilePlace,
  ) {
    this.reporter = new Reporter(text.length);
    for (const problem of file.problems) this.reporter.report("syntax", problem.range, [problem.message]);
    const mention: Context["mention"] = (range, subject) => this.mentions.push({ range, subject });
    this.context = { text, environment, reporter: this.reporter, mention };
    const hasError = (message: string) => this.reporter.diagnostics().some((found) => found.message === message);
    this.scope = { text, path: place.path, folder: place.folder, blocks: this.blocks, hasError };
  }

  run(): Lowered {
    const module = this.module();
    return { module, diagnostics: this.reporter.diagnostics() };
  }

  private module(): Module {
    const { declarations } = this.file;
    for (const declaration of declarations) this.declare(declaration);
    for (const declaration of declarations) if (declaration.kind === "import") this.import(declaration);
    for (const declaration of declarations) this.bindUse(declaration);
    for (const source of this.networks.values()) this.display(source);
    const blocks = [...this.blocks.values()].map((block) => this.block(block));
    const trainings = declarations.flatMap((declaration): Training[] => {
      const training = declaration.kind === "train" ? this.training(declaration) : undefined;
      return training ? [training] : [];
    });
    const checks = declarations.flatMap((declaration): Check[] => {
      const check = declaration.kind === "check" ? this.check(declaration) : undefined;
      return check ? [check] : [];
    });
    for (const [source, lowered] of this.displayed) {
      reportUnused(this.context, lowered, source.signature, this.observed.get(source) ?? new Set());
    }
    const known = [...this.data.values()].flatMap((lowered) => (lowered ? [lowered.declaration] : []));
    return {
      networks: [...this.displayed.values()].map(({ network }) => network),
      blocks,
      data: known.filter((declaration) => declaration.folder === undefined || this.usedData.has(declaration)),
      trainings,
      checks,
      imports: this.imports,
      mentions: this.mentions.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end),
    };
  }

  // Names of the file.

  private declare(declaration: Declaration): void {
    switch (declaration.kind) {
      case "network":
      case "block": {
        const { name, kind } = declaration;
        if (!this.isFirst(name, this.places)) return;
        this.context.mention(name.range, { kind, name: name.name });
        const source = { signature: readSignature(this.context, declaration), file: this.scope };
        (kind === "network" ? this.networks : this.blocks).set(name.name, source);
        return;
      }
      case "data": {
        const { name } = declaration;
        if (!this.isFirst(name, this.dataPlaces)) return;
        this.context.mention(name.range, { kind: "data", name: name.name });
        this.data.set(name.name, lowerData(this.context, declaration));
        return;
      }
      case "import":
      case "train":
      case "check":
        return;
      default:
        declaration satisfies never;
    }
  }

  private isFirst({ name, range }: Identifier, places: Map<string, Range>): boolean {
    if (name === "") return false;
    const earlier = places.get(name);
    if (earlier === undefined) {
      places.set(name, range);
      return true;
    }
    const related = [{ range: earlier, message: `${name} is declared here` }];
    this.reporter.report("duplicate-name", range, [name], { related });
    return false;
  }

  private import({ path: { value, range } }: ImportDeclaration): void {
    if (value === "") {
      this.namesMayBeMissing = true;
      return;
    }
    this.context.mention(range, { kind: "import", path: value });
    const { folder, open, read } = this.place;
    const found = readImport(this.environment, value, folder, open);
    if (found.kind !== "text") {
      this.namesMayBeMissing = true;
      if (found.kind === "problem") this.reporter.report("import-missing", range, [found.problem]);
      if (found.kind === "circle") this.reporter.report("import-cycle", range, [found.paths.join(" → ")]);
      return;
    }
    const { text, path } = found;
    let other = read.get(path);
    if (other === undefined) {
      const environment: Environment = { ...this.environment, describeData: () => undefined };
      const place = { path, folder: found.folder, open: [...open, path], read };
      other = new Lowering(parse(text), text, environment, place);
      read.set(path, other);
      other.module();
    }
    if (this.imported.has(other)) return;
    this.imported.add(other);
    this.takeNames(other, value, range);
  }

  /** What a file that imports this one says of it. */
  private errorInside(): FirstError | undefined {
    const first = this.reporter.diagnostics().find(({ severity }) => severity === "error");
    return first && { line: new Positions(this.text).positionAt(first.range.start).line + 1, message: first.message };
  }

  /** What another file declares itself; names of this file, and of earlier imports, come first. */
  private takeNames(other: Lowering, path: string, range: Range): void {
    const { scope } = other;
    const problem = other.errorInside();
    if (problem !== undefined) {
      this.reporter.report("import-error", range, [path, problem.line, problem.message]);
      // A declaration with an error may have lost its name.
      this.namesMayBeMissing = true;
    }
    const names: string[] = [];
    const take = <T>(
      from: Map<string, T>,
      to: Map<string, T>,
      places: Map<string, Range>,
      own: (item: T) => T | undefined,
    ) => {
      for (const [name, item] of from) {
        const taken = own(item);
        if (taken === undefined || !this.isFirst({ kind: "identifier", name, range }, places)) continue;
        to.set(name, taken);
        names.push(name);
      }
    };
    const ofOther = <T extends { readonly file: FileScope }>(item: T) => (item.file === scope ? item : undefined);
    take(other.blocks, this.blocks, this.places, ofOther);
    take(other.networks, this.networks, this.places, ofOther);
    take(other.data, this.data, this.dataPlaces, (item) => {
      if (item === undefined || item.declaration.folder !== undefined) return undefined;
      return { ...item, declaration: this.relocated(item.declaration, other.place.folder, range) };
    });
    this.imports.push({ path, range, names });
  }

  private relocated(declaration: DataDeclaration, folder: string, range: Range): DataDeclaration {
    const argumentRanges = Object.fromEntries(Object.keys(declaration.argumentRanges).map((name) => [name, range]));
    return { ...declaration, folder, range, nameRange: range, sourceRange: range, argumentRanges };
  }

  private bindUse(declaration: Declaration): void {
    const isCheck = declaration.kind === "check";
    if (declaration.kind !== "train" && !isCheck) return;
    if (isCheck && declaration.subject.kind === "after") return;
    const head = isCheck && declaration.subject.kind === "on" ? declaration.subject : (declaration as TrainDeclaration);
    const place = head.network;
    const source = this.findNetwork(place);
    if (source === undefined) return;
    const bound = bindUse(this.context, source.signature, place, head.arguments, { inputs: isCheck });
    const use: Use = { source, place, bound };
    this.uses.set(declaration, use);
    const others = this.usesOf.get(source);
    if (others === undefined) this.usesOf.set(source, [use]);
    else others.push(use);
  }

  // Networks and blocks.

  /** The network as diagram and hovers show it: with its defaults, otherwise as its first use has it. */
  private display(source: NetworkSource): void {
    const { signature } = source;
    const uses = this.usesOf.get(source) ?? [];
    const isOwn = source.file === this.scope;
    if (!isOwn && uses.length === 0) return;
    const values = new Map<string, string | number | boolean>();
    for (const { name, default: preset, declaration } of signature.attributes) {
      const given = uses.map(({ bound }) => bound.attributes.get(name.name)).find((value) => value !== undefined);
      const value = preset ?? given;
      if (value !== undefined) values.set(name.name, value);
      else if (declaration.default === undefined && isOwn) {
        this.reporter.report("attribute-unset", name.range, [name.name]);
      }
    }
    const context = isOwn ? this.context : this.contextOf(source, uses[0]!.place.range);
    const lowered = lowerNetwork(context, source, values, this.optionsOf(source));
    this.displayed.set(source, lowered);
    this.instances.set(source, new Map([[instanceKey(values), lowered]]));
  }

  /** The network with the values of a use. Its names have been noted once, by the displayed one. */
  private instance({ source, place, bound }: Use): LoweredNetwork {
    const instances = this.instances.get(source)!;
    const key = instanceKey(bound.attributes);
    const known = instances.get(key);
    if (known !== undefined) return known;
    const { context } = this;
    const own = {
      ...context,
      reporter: alsoNaming(context.reporter, { range: place.range, message: "with the attributes given here" }),
      mention: () => {},
    };
    const isOwn = source.file === this.scope;
    const lowered = lowerNetwork(
      isOwn ? own : this.contextOf(source, place.range),
      source,
      bound.attributes,
      this.optionsOf(source),
    );
    instances.set(key, lowered);
    return lowered;
  }

  /** For a network of another file: what is wrong with it is told where it is used. */
  private contextOf({ file, signature }: NetworkSource, use: Range): Context {
    const reporter = elsewhere(this.reporter, use, placeInWords(signature.declaration.name.name, file), file.hasError);
    return { ...this.context, text: file.text, reporter, mention: () => {} };
  }

  private optionsOf({ file, signature }: NetworkSource) {
    const { noted } = this;
    if (file === this.scope) return { noted };
    return { noted, place: this.places.get(signature.declaration.name.name)! };
  }

  /** One that no network uses is lowered with what is known of its inputs, so that its errors and names are known. */
  private block(source: BlockSource): Block {
    const { signature, file } = source;
    const { declaration } = signature;
    const isOwn = file === this.scope;
    const place = isOwn ? undefined : this.places.get(declaration.name.name)!;
    const unused = isOwn && !this.noted.has(source);
    this.noted.add(source);
    const lowered = unused && lowerNetwork(this.context, source, new Map(), { noted: this.noted, block: source });
    return {
      name: declaration.name.name,
      documentation: declaration.documentation,
      range: place ?? declaration.range,
      nameRange: place ?? declaration.name.range,
      inputs: signature.inputs.map(({ name }) => name.name),
      attributes: signature.attributes.map(({ name, type, default: value }) => ({
        name: name.name,
        type,
        ...(value === undefined ? {} : { default: value }),
      })),
      ...(file.path === undefined ? {} : { imported: file.path }),
      ...(lowered ? { unused: lowered.network } : {}),
    };
  }

  // Trainings and checks.

  private training(declaration: TrainDeclaration): Training | undefined {
    const name = declaration.alias ?? declaration.network;
    if (declaration.alias) this.context.mention(name.range, { kind: "training", name: name.name });
    const earlier = this.trainings.get(name.name);
    if (earlier !== undefined) {
      const related = [{ range: earlier.range, message: "it is declared here" }];
      this.reporter.report("duplicate-training", name.range, [name.name], { related });
    }
    const use = this.uses.get(declaration);
    const network = use?.bound.ok ? this.instance(use) : undefined;
    const training = lowerTraining(this.context, declaration, {
      name: name.name,
      network,
      data: this.findData(declaration.data),
      findData: (data, range) => this.findData({ kind: "identifier", name: data, range }),
      observed: (id) => use && this.observe(use.source, id),
    });
    if (earlier !== undefined) return undefined;
    this.trainings.set(name.name, { range: name.range, training, network, source: use?.source });
    return training;
  }

  private observe(source: NetworkSource, id: ValueId): void {
    const seen = this.observed.get(source) ?? new Set();
    this.observed.set(source, seen);
    seen.add(id);
  }

  private check(declaration: CheckDeclaration): Check | undefined {
    const { title, subject } = declaration;
    this.context.mention(title.range, { kind: "check", title: title.value });
    const earlier = this.checks.get(title.value);
    if (earlier !== undefined) {
      const related = [{ range: earlier, message: "it is declared here" }];
      this.reporter.report("duplicate-check", title.range, [title.value], { related });
    } else {
      this.checks.set(title.value, title.range);
    }
    const check = subject.kind === "after" ? this.checkAfter(declaration, subject.training) : this.checkOn(declaration);
    return earlier === undefined ? check : undefined;
  }

  private checkOn(declaration: CheckDeclaration): Check | undefined {
    const use = this.uses.get(declaration);
    if (use === undefined) return undefined;
    return lowerCheck(this.context, declaration, use.place, {
      use: use.bound,
      network: this.instance(use),
      observed: (id) => this.observe(use.source, id),
    });
  }

  private checkAfter(declaration: CheckDeclaration, { name, range }: Identifier): Check | undefined {
    if (name === "") return undefined;
    const declared = this.trainings.get(name);
    if (declared === undefined) {
      const suggestion = suggest(this.context, name, this.trainings.keys());
      this.reporter.report("unknown-training", range, [name, suggestion], { fixes: rename(range, suggestion) });
      return undefined;
    }
    this.context.mention(range, { kind: "training", name });
    const { training, network, source } = declared;
    if (network === undefined || source === undefined) return undefined;
    if (training === undefined) {
      this.reporter.report("training-error", range, [name], {
        related: [{ range: declared.range, message: `${name} is declared here` }],
      });
    }
    const checked = training ?? { name, network: network.network };
    return lowerCheckAfter(this.context, declaration, checked, network, (id) => this.observe(source, id));
  }

  private findNetwork({ name, range }: Identifier): NetworkSource | undefined {
    if (name === "") return undefined;
    const source = this.networks.get(name);
    if (source !== undefined) this.context.mention(range, { kind: "network", name });
    else if (this.blocks.has(name)) this.reporter.report("block-as-network", range, [name]);
    else if (!this.namesMayBeMissing) {
      const suggestion = suggest(this.context, name, this.networks.keys());
      this.reporter.report("unknown-network", range, [name, suggestion], { fixes: rename(range, suggestion) });
    }
    return source;
  }

  private findData({ name, range }: Identifier): LoweredData | undefined {
    if (name === "") return undefined;
    if (this.data.has(name)) {
      this.context.mention(range, { kind: "data", name });
      const found = this.data.get(name);
      if (found?.declaration.folder === undefined || this.usedData.has(found.declaration)) return found;
      this.usedData.add(found.declaration);
      const described = describeData(this.context, found.declaration, range);
      this.data.set(name, described);
      return described;
    }
    if (this.namesMayBeMissing) return undefined;
    const suggestion = suggest(this.context, name, this.data.keys());
    this.reporter.report("unknown-data", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }
}

function instanceKey(attributes: AttributeValues): string {
  return JSON.stringify([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
