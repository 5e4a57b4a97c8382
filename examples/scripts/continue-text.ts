// Continues a text, letter by letter, with what attention.nnet has learnt:
//
//   node dist/cli.js train examples/attention.nnet --checkpoint examples/attention.safetensors
//   npx tsx examples/scripts/continue-text.ts examples/attention.safetensors "Catherine was "
//
// The same seed, a third argument, gives the same letters.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { randomStream, streamOf } from "../../engine/model/random";
import type { Network } from "../../engine/protocol/network";
import { CheckpointFile } from "../../engine/runtime/checkpoint-file";
import { Predictor } from "../../engine/runtime/predictor";
import { weightsOfCheckpoint } from "../../engine/runtime/run";
import type { Weights } from "../../engine/runtime/weights";
import { analyze } from "../../extension/language/analyze";
import { alphabet, numbersOf, windowLength } from "./text-windows";

/** As many characters as asked for, drawn with the probabilities that the network gives them. */
export function continued(network: Network, weights: Weights, text: string, count: number, seed: number): string {
  const predictor = new Predictor(network, weights);
  const random = randomStream(seed, streamOf("text"));
  const numbers = [...numbersOf(text.toLowerCase())];
  if (numbers.length === 0) throw new Error(`"${text}" has no character of the alphabet: begin with a word.`);
  const start = numbers.length;
  while (numbers.length < start + count) {
    const seen = numbers.slice(-windowLength);
    // What stands after the text cannot be seen from its last character: attention is causal.
    const window = Float64Array.from({ length: windowLength }, (_, place) => seen[place] ?? 0);
    const [next] = predictor.predict({ shape: [1, windowLength], data: window });
    const last = (seen.length - 1) * alphabet.length;
    numbers.push(drawn(next!.sample(0).subarray(last, last + alphabet.length), random()));
  }
  return numbers
    .slice(start)
    .map((number) => alphabet[number])
    .join("");
}

/** The position where the sum of the probabilities passes a number of [0, 1). */
function drawn(probabilities: Float64Array, at: number): number {
  let sum = 0;
  const position = probabilities.findIndex((probability) => {
    sum += probability;
    return at < sum;
  });
  // Probabilities may add up to a little less than 1.
  return position === -1 ? probabilities.length - 1 : position;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , checkpoint, text, seed = "1"] = process.argv;
  if (checkpoint === undefined || text === undefined) {
    throw new Error(
      'Say which weights and which text: npx tsx examples/scripts/continue-text.ts FILE.safetensors "It was "',
    );
  }
  const { module } = analyze(readFileSync(new URL("../attention.nnet", import.meta.url), "utf8"));
  const { network } = module.trainings[0]!;
  const { weights } = weightsOfCheckpoint(network, await new CheckpointFile(process.cwd(), checkpoint).read());
  console.log(text + continued(network, weights, text, 400, Number(seed)));
}
