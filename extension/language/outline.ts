// The outline of a file: its declarations and what they name, with shapes where the analysis knows them.

import { formatShape } from "../../engine/model/shape";
import type { Module, Network } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "./analyze";
import type {
  BlockDeclaration,
  CheckDeclaration,
  CheckStatement,
  Declaration,
  Entry,
  Expression,
  InputDeclaration,
  NetworkDeclaration,
  Statement,
} from "./ast";
import { oneLine } from "./lower/context";
import { walk } from "./syntax-tree";

export type SymbolKind =
  | "import"
  | "data"
  | "network"
  | "block"
  | "training"
  | "check"
  | "input"
  | "attribute"
  | "parameter"
  | "constant"
  | "layer"
  | "value"
  | "output"
  | "setting"
  | "given"
  | "expectation"
  | "step";

export interface OutlineSymbol {
  readonly kind: SymbolKind;
  /** Never empty. */
  readonly name: string;
  /** A shape, a type, a value: what stands grey behind the name. */
  readonly detail: string;
  readonly range: Range;
  /** Lies in `range`. */
  readonly selectionRange: Range;
  readonly children: readonly OutlineSymbol[];
}

/** In the order of the text. */
export function outline({ file, text, module }: Analysis): OutlineSymbol[] {
  return file.declarations.map((declaration) => new Outliner(text, module).declaration(declaration));
}

const longestDetail = 60;

class Outliner {
  /** Shapes by where the name of their value stands. */
  private shapes: ReadonlyMap<number, string> = new Map();

  constructor(
    private readonly text: string,
    private readonly module: Module,
  ) {}

  declaration(declaration: Declaration): OutlineSymbol {
    const { range } = declaration;
    switch (declaration.kind) {
      case "import":
        return symbol("import", declaration.path.value, "import", range, declaration.path.range);
      case "data": {
        const { source, name } = declaration;
        return symbol("data", name.name, this.line(source.range), range, name.range);
      }
      case "network":
      case "block":
        return this.network(declaration);
      case "train": {
        const name = declaration.alias ?? declaration.network;
        const detail = `${declaration.alias ? `${declaration.network.name} ` : ""}on ${declaration.data.name}`;
        const children = declaration.entries.map((entry) => this.setting(entry));
        return symbol("training", name.name, detail, range, name.range, children);
      }
      case "check":
        return this.check(declaration);
      default:
        return declaration satisfies never;
    }
  }

  private network(declaration: NetworkDeclaration | BlockDeclaration): OutlineSymbol {
    const { kind, name, range, inputs, body } = declaration;
    const network = this.module.networks.find(({ nameRange }) => nameRange.start === name.range.start);
    this.shapes = new Map(
      network?.values.flatMap(({ shape, nameRange }) =>
        shape && nameRange ? [[nameRange.start, formatShape(shape)] as const] : [],
      ),
    );
    const children = [
      ...inputs.map((input) => this.input(input)),
      ...body.flatMap((statement) => this.statement(statement)),
    ];
    return symbol(kind, name.name, network ? signature(network) : "", range, name.range, children);
  }

  private input({ name, annotation, default: preset, range }: InputDeclaration): OutlineSymbol {
    if (annotation.kind !== "type") {
      const written = annotation.kind === "shape" ? this.line(annotation.range) : "";
      return symbol("input", name.name, this.shapeAt(name.range) ?? written, range, name.range);
    }
    const detail = preset ? `${annotation.type.name} = ${this.line(preset.range)}` : annotation.type.name;
    return symbol("attribute", name.name, detail, range, name.range);
  }

  private statement(statement: Statement): OutlineSymbol[] {
    const { range } = statement;
    switch (statement.kind) {
      case "binding": {
        const { name, value } = statement;
        const inner = this.stages(value);
        // A value that nobody keeps has no name to show; the names in it are there.
        if (name.name === "") return inner;
        return [symbol("value", name.name, this.shapeAt(name.range) ?? "", range, name.range, inner)];
      }
      case "parameter": {
        const { name, trainable, shape } = statement;
        const detail = this.shapeAt(name.range) ?? (shape ? this.line(shape.range) : "");
        return [symbol(trainable ? "parameter" : "constant", name.name, detail, range, name.range)];
      }
      case "layer":
        return [symbol("layer", statement.name.name, this.line(statement.layer.range), range, statement.name.range)];
      case "return":
        return statement.outputs.flatMap(({ name, value, range: place }) => {
          const inner = this.stages(value);
          return name ? [symbol("output", name.name, "", place, name.range, inner)] : inner;
        });
      default:
        return statement satisfies never;
    }
  }

  /** The names that stages are given with `as`. */
  private stages(expression: Expression): OutlineSymbol[] {
    const found: OutlineSymbol[] = [];
    walk(expression, (node) => {
      if (node.kind !== "stage" || !node.alias) return;
      const detail = this.shapeAt(node.alias.range) ?? this.line(node.call.range);
      found.push(symbol("value", node.alias.name, detail, node.range, node.alias.range));
    });
    return found;
  }

  private check({ title, subject, statements, range }: CheckDeclaration): OutlineSymbol {
    const detail = subject.kind === "on" ? `on ${subject.network.name}` : `after ${subject.training.name}`;
    const children = statements.map((statement) => this.checkStatement(statement));
    return symbol("check", title.value, detail, range, title.range, children);
  }

  private checkStatement(statement: CheckStatement): OutlineSymbol {
    const { kind, range } = statement;
    switch (kind) {
      case "entry":
        return this.setting(statement);
      case "given": {
        const { target, value } = statement;
        return symbol("given", this.line(target.range), this.line(value.range), range, target.range);
      }
      case "expect":
        return symbol("expectation", this.line(statement.condition.range), "", range, statement.condition.range);
      case "step":
        return symbol("step", "step", "", range, range);
      default:
        return statement satisfies never;
    }
  }

  private setting({ key, value, range }: Entry): OutlineSymbol {
    return symbol("setting", key.name, this.line(value.range), range, key.range);
  }

  private shapeAt({ start }: Range): string | undefined {
    return this.shapes.get(start);
  }

  private line(range: Range): string {
    return oneLine(this.text, range, longestDetail);
  }
}

/** `[2] → [3]` */
function signature({ values, outputs }: Network): string {
  const shapesOf = (list: readonly ({ readonly shape?: readonly number[] } | undefined)[]) =>
    list.map((value) => (value?.shape ? formatShape(value.shape) : "?")).join(", ");
  const inputs = values.filter(({ source }) => source.kind === "input");
  const results = outputs.map(({ value }) => values.find(({ id }) => id === value));
  return inputs.length > 0 && results.length > 0 ? `${shapesOf(inputs)} → ${shapesOf(results)}` : "";
}

function symbol(
  kind: SymbolKind,
  name: string,
  detail: string,
  range: Range,
  selection: Range,
  children: readonly OutlineSymbol[] = [],
): OutlineSymbol {
  const start = Math.min(Math.max(selection.start, range.start), range.end);
  const selectionRange = { start, end: Math.max(start, Math.min(selection.end, range.end)) };
  return { kind, name: name.trim() === "" ? `(${kind})` : name, detail, range, selectionRange, children };
}
