// How much memory and time `nnet run --input FILE --output FILE` needs for a table, from ten thousand rows to a million: the
// largest resident size of this process, Node's own included, while the rows go through. `npx tsx bench/rows.ts`

import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cli } from "../extension/cli/cli";

const sizes = [10_000, 100_000, 1_000_000];
const features = 10;
const network = `network Net(x: [${features}]) { return x -> Dense(64) -> ReLU -> Dense(3) -> Softmax }\n`;

const folder = mkdtempSync(join(tmpdir(), "nnet-rows-"));
try {
  writeFileSync(join(folder, "net.nnet"), network);
  console.log(`${"rows".padStart(9)}${"file MB".padStart(10)}${"seconds".padStart(10)}${"memory MB".padStart(11)}`);
  await measure(sizes[0]!); // The compiler of JavaScript gets warm.
  for (const rows of sizes) {
    const { megabytes, seconds, memory } = await measure(rows);
    const cells = [String(rows).padStart(9), megabytes.toFixed(0).padStart(10), seconds.toFixed(1).padStart(10)];
    console.log(`${cells.join("")}${memory.toFixed(0).padStart(11)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(rows: number): Promise<{ megabytes: number; seconds: number; memory: number }> {
  const input = join(folder, "rows.csv");
  await pipeline(table(rows), createWriteStream(input));
  let most = 0;
  const start = performance.now();
  const code = await cli(["run", "net.nnet", "--untrained", "--input", input, "--output", "out.csv"], "bench", {
    folder,
    out: () => {},
    error: (text) => process.stderr.write(text),
    interactive: false,
    now: () => performance.now(),
    pause: () => {
      most = Math.max(most, process.memoryUsage().rss);
      return new Promise((resolve) => setImmediate(resolve));
    },
    onInterrupt: () => () => {},
  });
  if (code !== 0) throw new Error(`nnet ended with ${code}`);
  const seconds = (performance.now() - start) / 1000;
  return { megabytes: statSync(input).size / 1e6, seconds, memory: most / 1e6 };
}

/** Numbers of six digits, as measurements have. */
function* table(rows: number): Generator<string> {
  for (let row = 0; row < rows; row++) {
    yield `${Array.from({ length: features }, (_, column) => Math.sin(row * features + column).toFixed(6)).join(",")}\n`;
  }
}
