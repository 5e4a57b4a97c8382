// What counting.nnet learns from: sequences of random bits, each with the number of its ones.

import { permutation, randomStream, streamOf } from "../../engine/model/random";

const sequenceLength = 20;
const sequences = 4200;

/** A table: twenty bits and how many of them are 1. All counts are equally frequent, in fair flips 0 and 20 would hardly occur. */
export function bitSequences(): string {
  const random = randomStream(1, streamOf("counting"));
  const rows = Array.from({ length: sequences }, (_, row) => {
    const ones = row % (sequenceLength + 1);
    const bits = [...permutation(sequenceLength, random)].map((position) => (position < ones ? 1 : 0));
    return `${[...bits, ones].join(",")}\n`;
  });
  return rows.join("");
}
