// The names of one body and what they are bound to. Every name is bound once: of two bindings the first counts.

import { documentation } from "../../../engine/model/catalog";
import type { Range } from "../../../engine/protocol/text";
import type { Identifier, NameExpression } from "../ast";
import type { Context } from "./context";
import { rename, suggest } from "./fixes";
import { type Instance, type Named, type Names, named } from "./names";
import type { SharedLayer } from "./shared-layer";
import type { Unit } from "./units";
import type { Operand } from "./values";
import type { Surroundings, Whole } from "./whole";

export class Bindings {
  /** Whether nothing was wrong with a name or with what it is bound to. */
  sound = true;
  private readonly values = new Map<string, Operand>();
  /** Where each name is bound. */
  private readonly places = new Map<string, Range>();
  /** By the names of `layer` statements; undefined where an error hides the layer. */
  private readonly shared = new Map<string, SharedLayer | undefined>();
  private readonly owners = new Map<string, string>();
  private readonly instances = new Map<string, Instance>();
  /** Of the first use of a shared block. */
  private readonly firstUses = new Map<string, Instance>();

  constructor(
    private readonly context: Context,
    private readonly whole: Pick<Whole, "network">,
    private readonly around: Surroundings,
  ) {}

  get inside(): Names {
    return { values: this.values, layers: this.owners, instances: this.instances };
  }

  *names(): Iterable<string> {
    yield* this.places.keys();
    yield* this.around.attributes.keys();
  }

  has(name: string): boolean {
    return this.isBound(name) || this.around.attributes.has(name);
  }

  /** Whether the body binds it, or it is an input. */
  isBound(name: string): boolean {
    return this.places.has(name);
  }

  // Declaring.

  declareInput(name: Identifier, value: Operand): void {
    this.declareOutput(name, value);
    this.mention(name.range, value);
    this.refuseReserved(name);
  }

  declareAttribute(name: Identifier): void {
    const network = this.around.signature.declaration.name.name;
    this.context.mention(name.range, { kind: "attribute", network, name: name.name });
    this.refuseReserved(name);
  }

  /** Notes every name that the body binds, so that a use before its binding is no unknown name. */
  declareUnits(units: readonly Unit[]): void {
    const names = units.flatMap(({ name }) => (name === undefined ? [] : [name]));
    for (const identifier of names.sort((a, b) => a.range.start - b.range.start)) {
      const { name, range } = identifier;
      this.refuseReserved(identifier);
      const attribute = this.around.signature.attributes.find((candidate) => candidate.name.name === name);
      const earlier = this.places.get(name) ?? attribute?.name.range;
      if (earlier === undefined) {
        this.places.set(name, range);
        continue;
      }
      const related = [{ range: earlier, message: `${name} is bound here` }];
      this.context.reporter.report("duplicate-name", range, [name], { related });
      this.sound = false;
    }
  }

  declareOutput({ name, range }: Identifier, value: Operand): void {
    this.places.set(name, range);
    this.values.set(name, value);
  }

  /** Losses and checks look at a network's names. */
  refuseReserved({ name, range }: Identifier): void {
    if (!reserved.has(name) || this.around.path.length > 0) return;
    this.context.reporter.report("reserved-name", range, [name]);
    this.sound = false;
  }

  // Binding.

  /** Whether this is the binding of the name that counts; another one has been reported. */
  owns({ name, range }: Identifier): boolean {
    return name !== "" && this.places.get(name) === range;
  }

  bind(name: Identifier, value: Operand): void {
    if (name.name === "") return;
    if (value === undefined) this.sound = false;
    if (!this.owns(name)) return;
    this.values.set(name.name, value);
    this.mention(name.range, value);
  }

  share(name: Identifier, layer: SharedLayer | undefined): void {
    if (layer === undefined) this.sound = false;
    if (!this.owns(name)) return;
    this.shared.set(name.name, layer);
    this.owners.set(name.name, this.around.table.ownedAs(name.name));
  }

  /** A use of a block; of a shared one the first is what its own name stands for. */
  keepInstance(instance: Instance, name: string | undefined, shared: string | undefined): void {
    if (name !== undefined) this.instances.set(name, instance);
    if (shared !== undefined && !this.firstUses.has(shared)) this.firstUses.set(shared, instance);
  }

  // Looking up.

  /** The value of a name. Undefined after reporting that there is none, or when an error hides it. */
  value({ name, range }: NameExpression): Operand {
    if (name === "") return undefined;
    if (this.shared.has(name)) {
      this.context.reporter.report("layer-without-input", range, [name]);
      return undefined;
    }
    if (this.values.has(name)) {
      const id = this.values.get(name);
      this.mention(range, id);
      return id;
    }
    // A part of a cycle, or of a statement with an error: it has been reported.
    if (this.places.has(name)) return undefined;
    if (documentation("layer", name) !== undefined || this.around.file.blocks.has(name)) {
      this.context.reporter.report("layer-without-input", range, [name]);
      return undefined;
    }
    const suggestion = suggest(this.context, name, this.names());
    this.context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }

  /** Undefined when no `layer` statement has the name. */
  sharedLayer(name: string): { readonly layer: SharedLayer | undefined } | undefined {
    return this.shared.has(name) ? { layer: this.shared.get(name) } : undefined;
  }

  /** What has parts behind a dot and is no value; undefined when the name may be one. */
  owner({ name, range }: NameExpression): { readonly found: Named | undefined } | undefined {
    if (this.around.attributes.has(name)) return undefined;
    const shared = this.shared.get(name);
    if (shared?.kind === "layer")
      this.context.mention(range, { kind: "callable", callable: "layer", name: shared.layer });
    if (shared?.kind === "block") {
      const instance = this.firstUses.get(name);
      return { found: instance && { kind: "instance", instance } };
    }
    if (this.instances.has(name)) this.mention(range, this.values.get(name));
    return this.shared.has(name) || this.instances.has(name) ? { found: named(this.inside, name) } : undefined;
  }

  /** Notes that a name stands for a value. */
  mention(range: Range, id: Operand): void {
    if (id === undefined || this.around.table.bundled(id) !== undefined) return;
    this.context.mention(range, { kind: "value", network: this.whole.network, id });
  }
}

/** What losses and checks call the numbers to compare with. */
const reserved: ReadonlySet<string> = new Set(["target"]);
