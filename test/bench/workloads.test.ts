// The networks of the benchmark, and what its peers are told of them.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadedPeerWorkload, readPeerWorkload, writePeerWorkload } from "../../bench/peer-workload";
import { type WorkloadName, workload, workloadNames } from "../../bench/workloads";
import { freshWeights } from "../../engine/runtime/weights";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "nnet-bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

const told = async (name: WorkloadName): Promise<LoadedPeerWorkload> =>
  readPeerWorkload(await writePeerWorkload(await workload(name), folder));

/** Of millions of numbers, `toEqual` takes seconds. */
const bytes = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

describe.each(workloadNames)("%s", (name) => {
  test("trains on its whole data set in one batch", async () => {
    const { training, data } = await workload(name);
    expect(data.summary.samples).toBe(training.batchSize);
    expect(training.shuffle).toBe(false);
  });

  test("tells its peers every parameter, in the numbers it begins with itself", async () => {
    const { training } = await workload(name);
    const { workload: peer, numbers } = await told(name);
    const given = peer.layers.flatMap((layer) => ("W" in layer ? [layer.W, layer.b] : []));
    const own = [...freshWeights(training.network, training.seed).values()];
    expect(given.map(({ shape }) => shape)).toEqual(own.map(({ shape }) => shape));
    for (const [index, place] of given.entries()) {
      expect(bytes(numbers(place)).equals(bytes(Float32Array.from(own[index]!.data)))).toBe(true);
    }
  });

  test("tells its peers the samples and targets of the batch", async () => {
    const { data } = await workload(name);
    const { workload: peer, numbers } = await told(name);
    expect(bytes(numbers(peer.inputs)).equals(bytes(Float32Array.from(data.inputs.data)))).toBe(true);
    expect(bytes(numbers(peer.targets)).equals(bytes(Float32Array.from(data.targets.data)))).toBe(true);
  });
});

test("images come to the peers as images", async () => {
  const { workload: peer } = await told("W5");
  expect(peer.inputs.shape).toEqual([64, 1, 28, 28]);
  expect(peer.layers.map(({ kind }) => kind)).toEqual([
    ...["convolution", "relu", "maxPool", "convolution", "relu", "maxPool"],
    ...["flatten", "dense", "relu", "dense"],
  ]);
});
