// A WebAssembly memory with the kernels over it: holds what lives between runs, makes programs of plans, runs them.

import { named, type RunContext } from "../model/op";
import { sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import { binary } from "./binary";
import type { Word } from "./instruction";
import {
  argumentsAt,
  barrierFlag,
  faultFlag,
  firstFreeAt,
  flagsAt,
  instructionSize,
  mostArguments,
  serialFlag,
  unitsAt,
} from "./layout";
import { Opcode } from "./opcodes";
import type { Plan, Step } from "./plan";
import { registers } from "./registers";
import type { Buffer, View } from "./view";

const pageSize = 65_536; // Bytes, of WebAssembly.
const mostPages = 65_536; // 4 GiB: what 32-bit addresses reach.
const reserve = 64; // Bytes behind everything: kernels may read a little further than their numbers.
const serialWork = 3_000; // Nanoseconds: two barriers cost a tenth of it.

/** Kernels and memory as another thread needs them. */
export interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** A program is a plan with its instructions in the memory. */
export interface Program {
  readonly plan: Plan;
  /** Of its first instruction, in bytes. */
  readonly address: number;
}

/** How a run ended. */
export type Outcome = { readonly kind: "done" } | { readonly kind: "notFinite" };

type UpdateRegister = "learningRate" | "correction1" | "correction2";

interface Kernels {
  run(program: number, count: number, threads: number, scratch: number, scratchSize: number): number;
  end(): void;
}

let compiled: WebAssembly.Module | undefined;

export class Machine {
  readonly shared: Shared;
  private readonly memory: WebAssembly.Memory;
  private readonly kernels: Kernels;
  private readonly programs: Program[] = [];
  private floats: Float32Array<ArrayBufferLike> = new Float32Array(0);
  private words: Int32Array<ArrayBufferLike> = new Int32Array(0);
  /** Behind what is kept. The arena and the threads' scratch come after it, whose numbers live for one run. */
  private top = firstFreeAt;
  private arenaAt = firstFreeAt;
  private scratchAt = firstFreeAt;
  /** Bytes that each thread has. */
  private scratchSize = 0;
  /** The most there were in a run. */
  private threads = 1;
  private readonly addresses = new Map<Buffer, number>();
  /** Changes whenever numbers may have another place: what `numbers` gave before is out of date then. */
  version = 0;
  private running: { readonly program: Program; readonly context: RunContext } | undefined;

  constructor() {
    compiled ??= new WebAssembly.Module(bytesOf(binary));
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true });
    this.shared = { module: compiled, memory: this.memory };
    const host = (step: number): void => this.compute(this.running!.program.plan.steps[step]!);
    const instance = new WebAssembly.Instance(compiled, { env: { memory: this.memory, host } });
    this.kernels = instance.exports as unknown as Kernels;
    this.refresh();
  }

  /** Bytes that are allocated. */
  get size(): number {
    return this.memory.buffer.byteLength;
  }

  /** Bytes that all plans together need: what is kept, the largest arena, and scratch. */
  get planned(): number {
    return this.scratchAt + this.threads * this.scratchSize;
  }

  /** Room for numbers that live as long as the machine, all 0. Throws RangeError when the memory is full. */
  keep(size: number): Buffer & { readonly place: { readonly kind: "fixed"; readonly address: number } } {
    const address = this.take(4 * size);
    this.link();
    return { size, place: { kind: "fixed", address } };
  }

  /** Throws RangeError when the memory is full. */
  add(plan: Plan): Program {
    for (const buffer of plan.constants) {
      if (buffer.place.kind !== "constant") continue;
      const address = this.take(4 * buffer.size);
      this.addresses.set(buffer, address);
      this.reach(address + 4 * buffer.size);
      this.floats.set(buffer.place.data, address / 4);
    }
    const program = { plan, address: this.take(plan.steps.length * instructionSize) };
    this.programs.push(program);
    this.link();
    return program;
  }

  /** Runs with the given number of threads; the others must be serving. Throws RangeError when the memory is full. */
  run(program: Program, context: RunContext, threads: number): Outcome {
    if (threads > this.threads) {
      this.threads = threads;
      this.reach(this.planned);
    }
    this.running = { program, context };
    const { steps } = program.plan;
    const ended = this.kernels.run(program.address, steps.length, threads, this.scratchAt, this.scratchSize);
    if (ended === 0) return { kind: "done" };
    const step = steps[ended - 1]!;
    // The op's own forward says in its user's words what cannot go on.
    if (step.computes) this.compute(step);
    return { kind: "notFinite" };
  }

  /** Ends all threads that serve. */
  close(): void {
    this.kernels.end();
  }

  /**
   * The numbers themselves, for reading and writing until the next program or buffer is added. x must be contiguous, and
   * `program` the one it belongs to unless it is kept.
   */
  numbers(x: View, program?: Program): Float32Array {
    const start = this.addressOf(x, program?.plan) / 4;
    return this.floats.subarray(start, start + sizeOf(x.shape));
  }

  /** A copy. */
  read(x: View, program?: Program): NdArray {
    return { shape: x.shape, data: new Float64Array(this.numbers(x, program)) };
  }

  /** Seed of the next run's random numbers, an integer below 2³². */
  setStepSeed(seed: number): void {
    this.words[registers.stepSeed / 4] = seed;
  }

  /** Of the next run's update. */
  setUpdate({ learningRate, correction1, correction2 }: { readonly [R in UpdateRegister]: number }): void {
    this.floats[registers.learningRate / 4] = learningRate;
    this.floats[registers.correction1 / 4] = correction1;
    this.floats[registers.correction2 / 4] = correction2;
  }

  /** Runs a step without its kernel. */
  private compute({ computes }: Step): void {
    const { operation, y, inputs } = computes!;
    const { definition } = operation.op!;
    const { program, context } = this.running!;
    const result = { shape: y.shape, data: new Float64Array(sizeOf(y.shape)) };
    const arrays = named(
      definition.inputs,
      inputs.map((input) => this.read(input, program)),
    );
    definition.forward(result, arrays, operation.attributes as never, context);
    this.numbers(y, program).set(result.data);
  }

  private take(bytes: number): number {
    const address = aligned(this.top);
    this.top = address + bytes;
    return address;
  }

  /** Writes all instructions with the addresses that hold now. */
  private link(): void {
    const most = (size: (plan: Plan) => number) => Math.max(0, ...this.programs.map(({ plan }) => size(plan)));
    this.arenaAt = aligned(this.top);
    // Behind the arena: more threads move nothing.
    this.scratchAt = aligned(this.arenaAt + most(({ arenaSize }) => arenaSize));
    this.scratchSize = aligned(most(({ scratchSize }) => scratchSize));
    this.reach(this.planned);
    for (const program of this.programs) this.write(program);
    this.version++;
  }

  /** Makes the memory large enough. */
  private reach(bytes: number): void {
    const pages = Math.ceil((bytes + reserve) / pageSize);
    if (pages > mostPages) {
      throw new RangeError(`The network needs ${(bytes / 2 ** 30).toFixed(1)} GiB of memory, and 4 GiB can be used.`);
    }
    const missing = pages - this.memory.buffer.byteLength / pageSize;
    if (missing > 0) this.memory.grow(missing);
    this.refresh();
  }

  private refresh(): void {
    this.floats = new Float32Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
  }

  private write({ plan, address }: Program): void {
    const isSerial = ({ instruction }: Step): boolean =>
      instruction.units <= 1 || instruction.work < serialWork || instruction.opcode === Opcode.host;
    for (const [index, step] of plan.steps.entries()) {
      const { opcode, units, words, mayFault } = step.instruction;
      const next = plan.steps[index + 1];
      const serial = isSerial(step);
      // Whatever the first thread does alone it does in order: it waits for nobody.
      const barrier = mayFault || !next || !serial || !isSerial(next);
      const at = (address + index * instructionSize) / 4;
      this.words[at] = opcode;
      this.words[at + unitsAt / 4] = units;
      this.words[at + flagsAt / 4] =
        (serial ? serialFlag : 0) | (barrier ? barrierFlag : 0) | (mayFault ? faultFlag : 0);
      if (words.length > mostArguments) throw new Error(`${Opcode[opcode]} has too many arguments.`);
      for (const [position, word] of words.entries()) this.writeWord(at + argumentsAt / 4 + position, word, plan);
    }
  }

  private writeWord(at: number, word: Word, plan: Plan): void {
    if (typeof word === "number") this.words[at] = word;
    else if ("float" in word) this.floats[at] = word.float;
    else this.words[at] = this.addressOf(word.at, plan);
  }

  private addressOf({ buffer, offset }: View, plan?: Plan): number {
    const { place } = buffer;
    switch (place.kind) {
      case "fixed":
        return place.address + 4 * offset;
      case "constant":
        return this.addresses.get(buffer)! + 4 * offset;
      case "arena":
        return this.arenaAt + plan!.offsets.get(buffer)! + 4 * offset;
      default:
        return place satisfies never;
    }
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
