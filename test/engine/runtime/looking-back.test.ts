// Looking back: what is asked about a recorded step is answered with the numbers of then. The oracle is a second training,
// which stands at that step.

import { beforeAll, describe, expect, test } from "vitest";
import type { Explained } from "../../../engine/protocol/explanation";
import type { Snapshot } from "../../../engine/protocol/snapshot";
import { Recording } from "../../../extension/host/recording";
import { Desk, orderOf } from "./desk";
import { xor } from "./support";

/** Running parameters, dropout, a view of a parameter, an epoch whose last batch is smaller, validation. */
const text = `
  data Points = Moons(samples: 23, noise: 0.1, seed: 2)
  network Small(x: [2]) {
    param W: [6, 6] = He(seed: 1)
    V = transpose(W)
    h = x -> Dense(6) -> BatchNorm as n -> ReLU as r
    return h @ V -> Dropout(0.3) as d -> Dense(2) as z -> Softmax as p
  }
  train Small on Points {
    loss: CrossEntropy
    optimizer: Adam(rate: 0.01)
    batch: 5
    epochs: 40
    validation: 0.25
    metrics: [accuracy]
    seed: 9
  }`;

/** A desk whose training has come to its end. */
async function trained(text: string): Promise<Desk> {
  const desk = new Desk();
  await desk.ask("train", await orderOf(text));
  desk.work();
  return desk;
}

/** A desk whose training stands after this step. */
async function standingAt(step: number, text: string): Promise<Desk> {
  const desk = new Desk();
  const order = await orderOf(text);
  for (let made = 0; made < step; made++) await desk.ask("step", order);
  return desk;
}

function numbersIn({ quantities }: Snapshot): { readonly id: string; readonly of: Explained }[] {
  return Object.entries(quantities).flatMap(([id, { gradient }]) =>
    (["value", "gradient"] as const).flatMap((of) => (of === "value" || gradient ? { id, of } : [])),
  );
}

describe.each(["first", "early", "middle", "late"] as const)("the %s recorded step", (which) => {
  let now: Desk;
  let then: Desk;
  let snapshot: Snapshot;

  beforeAll(async () => {
    now = await trained(text);
    const { snapshots } = now;
    const at = { first: 0, early: 4, middle: Math.floor(snapshots.length / 2), late: snapshots.length - 2 }[which];
    snapshot = snapshots[at]!;
    then = await standingAt(snapshot.step, text);
  });

  test("is one of the past", () => {
    expect(snapshot.step).toBeLessThan(now.snapshots.at(-1)!.step);
    expect(then.snapshots.at(-1)!.step).toBe(snapshot.step);
  });

  test("has the tensors of then", async () => {
    for (const { id, of } of numbersIn(snapshot)) {
      const slice = await now.ask("inspect", { id, of, at: [], step: snapshot.step });
      expect(slice, `${of} of ${id}`).toEqual(await then.ask("inspect", { id, of, at: [] }));
      expect(slice.step).toBe(snapshot.step);
    }
  });

  test("has the explanations of then, and they are the Snapshot's", async () => {
    for (const { id, of } of numbersIn(snapshot)) {
      const order = { id, of, checkGradient: true };
      const explanation = await now.until(now.ask("explain", { ...order, step: snapshot.step }));
      // At the end of an epoch a Snapshot still counts to it, and who stands there counts to the next.
      expect(explanation, `${of} of ${id}`).toEqual({
        ...(await then.until(then.ask("explain", order))),
        epoch: snapshot.epoch,
      });
      const { shape, elements } = snapshot.quantities[id]![of]!;
      if (!elements) continue;
      const position = explanation.element.reduce((sum, index, axis) => sum * shape[axis]! + index, 0);
      expect(explanation.trained, `${of} of ${id}`).toEqual({ number: elements[position], precision: "float32" });
    }
  });

  test.each(["validation", "training"] as const)("has what the network then said of the %s samples", async (part) => {
    const evaluation = await now.until(now.ask("evaluate", { part, step: snapshot.step }));
    expect(evaluation).toEqual(await then.until(then.ask("evaluate", { part })));
    expect(evaluation!.step).toBe(snapshot.step);
  });
});

describe("a training", () => {
  test("goes on bit by bit as if nobody had looked back", async () => {
    const desk = new Desk();
    await desk.ask("train", await orderOf(text));
    for (let turn = 0; turn < 40; turn++) {
      desk.work(1);
      const [first] = desk.snapshots;
      if (!first) continue;
      await desk.ask("inspect", { id: "V", of: "gradient", at: [], step: first.step });
      await desk.ask("explain", { id: "n", of: "gradient", step: first.step });
    }
    desk.work();
    expect(desk.snapshots.at(-1)!.quantities).toEqual((await trained(text)).snapshots.at(-1)!.quantities);
  });

  test("has its newest numbers again when nobody looks back any more", async () => {
    const desk = await trained(text);
    const order = { id: "p", of: "value", at: [] } as const;
    const newest = await desk.ask("inspect", order);
    const past = await desk.ask("inspect", { ...order, step: desk.snapshots[0]!.step });
    expect(past.numbers).not.toEqual(newest.numbers);
    expect(await desk.ask("inspect", order)).toEqual(newest);
  });

  test("that went back to its best weights has these after its last step", async () => {
    const rules = text.replace("epochs: 40", "epochs: 40 stop: EarlyStopping(patience: 1)").replace("0.01", "0.5");
    const desk = await trained(rules);
    const { step, quantities } = desk.snapshots.at(-1)!;
    expect(desk.messages.at(-1)).toMatchObject({ state: { note: expect.stringContaining("its weights are those") } });
    const { number } = (await desk.ask("explain", { id: "z.b", of: "value", element: [0], step })).trained;
    expect(number).toBe(quantities["z.b"]!.value.elements![0]);
  });
});

describe("a long training", () => {
  const recording = new Recording();
  let desk: Desk;

  beforeAll(async () => {
    desk = await trained(xor.replace("epochs: 200", "epochs: 50000"));
    for (const snapshot of desk.snapshots) recording.add(snapshot);
  });

  test("answers for every step that the editor keeps", async () => {
    expect(desk.snapshots.length).toBeGreaterThan(2 * recording.snapshots.length);
    for (const { step, quantities } of recording.snapshots) {
      const { numbers } = await desk.ask("inspect", { id: "h.b", of: "value", at: [], step });
      expect(Math.max(...numbers)).toBe(quantities["h.b"]!.value.max);
    }
  });

  test("tells which steps it answers for: those and no others", async () => {
    const { keptSteps, snapshots } = desk;
    const some = snapshots.filter((_, index) => index % 7 === 0);
    for (const { step } of some) {
      const answer = desk.ask("inspect", { id: "h.b", of: "value", at: [], step });
      const isAnswered = await answer.then(
        () => true,
        () => false,
      );
      expect(isAnswered, `step ${step}`).toBe(keptSteps.includes(step));
    }
    expect(keptSteps).toEqual(recording.snapshots.map(({ step }) => step));
  });

  test("says which step is the nearest to one whose weights are gone", async () => {
    const kept = recording.snapshots.map(({ step }) => step);
    const gone = desk.snapshots.map(({ step }) => step).find((step) => step > kept[3]! && !kept.includes(step))!;
    const nearest = kept.toSorted((a, b) => Math.abs(a - gone) - Math.abs(b - gone))[0]!;
    const message = `The weights after step ${gone} are no longer kept. The nearest that are: those after step ${nearest}.`;
    await expect(desk.ask("inspect", { id: "h", of: "value", at: [], step: gone })).rejects.toThrow(message);
    await expect(desk.ask("explain", { id: "h", of: "value", step: gone })).rejects.toThrow(message);
    await expect(desk.ask("evaluate", { part: "training", step: gone })).rejects.toThrow(message);
  });
});

test("of a network with too many weights only the newest step is answered for", async () => {
  const large = `
    data Line = Table(inputs: [[1], [2]], targets: [1, 3])
    network Net(x: [1]) { return x -> Dense(3000) as h -> Dense(3000) as g -> Dense(1) as y }
    train Net on Line { loss: MSE optimizer: SGD(rate: 0.0001) batch: 2 epochs: 3 seed: 1 }`;
  const desk = await standingAt(2, large);
  const order = { id: "y", of: "value", at: [] } as const;
  expect(desk.keptSteps).toEqual([2]);
  await expect(desk.ask("inspect", { ...order, step: 1 })).rejects.toThrow(
    "The weights after step 1 are not kept: there are too many of them.",
  );
  expect((await desk.ask("inspect", { ...order, step: 2 })).step).toBe(2);
});
