// Writes the data of the examples that is made, not measured, into examples/data: `npx tsx examples/scripts/data.ts`

import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync, strToU8 } from "fflate";
import { bitSequences } from "./bit-sequences";
import { chaptersOf, entropiesOf, npzOf, numbersOf, windowsOf } from "./text-windows";

const data = new URL("../data/", import.meta.url);
const book = readFileSync(new URL("northanger-abbey.txt", data), "utf8");

writeFileSync(new URL("northanger-abbey.npz", data), npzOf(windowsOf(book)));
writeFileSync(new URL("counting.csv.gz", data), gzipSync(strToU8(bitSequences()), { level: 9, mtime: 0 }));

const { unigram, bigram } = entropiesOf(numbersOf(chaptersOf(book).join("\n")));
console.log(
  `northanger-abbey.txt: ${unigram.toFixed(3)} nats a character, ${bigram.toFixed(3)} after the one before it`,
);
