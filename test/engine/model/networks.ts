// Networks written as data, the way lowering gives them.

import { inferFunction, inferLayer, type SampleShape } from "../../../engine/model/infer";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Arguments } from "../../../engine/protocol/catalog";
import type { Initializer, Network, Parameter, Value, ValueId, ValueSource } from "../../../engine/protocol/network";

const range = { start: 0, end: 0 };

/** `new Networks("Masha").input("X", [2]).parameter("W", …).operation("H", "matmul", ["X", "W"]).returning("H")`. */
export class Networks {
  private readonly values: Value[] = [];
  private readonly parameters: Parameter[] = [];

  constructor(private readonly name: string) {}

  input(id: ValueId, shape: Shape): this {
    return this.add(id, { kind: "input" }, { shape, batched: true });
  }

  parameter(id: ValueId, data: NdArray): this {
    this.own(id, id, undefined, data.shape, { kind: "literal", data });
    return this.add(id, { kind: "parameter" }, { shape: data.shape, batched: false });
  }

  constant(id: ValueId, data: NdArray): this {
    return this.add(id, { kind: "constant", data }, { shape: data.shape, batched: false });
  }

  operation(id: ValueId, name: string, inputs: readonly ValueId[], args: Arguments = {}): this {
    const source: ValueSource = { kind: "operation", function: name, inputs, arguments: args };
    return this.add(
      id,
      source,
      inferFunction(
        name,
        args,
        inputs.map((input) => this.shapeOf(input)),
      ),
    );
  }

  layer(id: ValueId, layer: string, inputs: readonly ValueId[], args: Arguments = {}, instance: string = id): this {
    const inferred = inferLayer(
      layer,
      args,
      inputs.map((input) => this.shapeOf(input)),
    );
    for (const { name, shape, initializer, running } of inferred.weights) {
      const id = `${instance}.${name}`;
      if (this.parameters.some((parameter) => parameter.id === id)) continue;
      this.own(id, name, instance, shape, { kind: "call", call: initializer }, running);
    }
    return this.add(id, { kind: "layer", layer, instance, arguments: args, chosen: [], inputs }, inferred.output);
  }

  returning(value: ValueId): Network {
    const { name, values, parameters } = this;
    const outputs = [{ name: "output", value }];
    const plain = { name, documentation: "", range, nameRange: range, attributes: [], values, parameters, outputs };
    return { ...plain, complete: true };
  }

  private own(
    id: ValueId,
    name: string,
    instance: string | undefined,
    shape: Shape,
    initializer: Initializer,
    running?: true,
  ): void {
    const optional = { ...(instance && { instance }), ...(running && { running }) };
    this.parameters.push({ id, name, shape, initializer, trainable: !running, range, ...optional });
  }

  private add(id: ValueId, source: ValueSource, { shape, batched }: SampleShape): this {
    this.values.push({ id, title: id, source, shape, batched, range });
    return this;
  }

  private shapeOf(id: ValueId): SampleShape {
    const { shape, batched } = this.values.find((value) => value.id === id)!;
    return { shape: shape!, batched };
  }
}
