// engine/compiler/kernels (AssemblyScript) → engine/compiler/binary.ts, which holds the WebAssembly as text. Does nothing
// when the sources are those it was built from.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = path.dirname(fileURLToPath(import.meta.url));
const compiler = path.join(root, "engine/compiler");
const output = path.join(compiler, "binary.ts");

// 128-bit SIMD, without the relaxed kind: its results differ between processors, and its multiply-add is no faster here.
const flags = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--enable", "threads"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
];

/** Writes `binary.ts` when the kernels' sources have changed. Throws with the compiler's own words when they are wrong. */
export async function buildKernels(): Promise<void> {
  const digest = await digestOfSources();
  const built = await readFile(output, "utf8").catch(() => "");
  if (built.includes(digest)) return;
  const folder = await mkdtemp(path.join(tmpdir(), "nnet-kernels-"));
  try {
    const binary = path.join(folder, "kernels.wasm");
    const asc = path.join(
      path.dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")),
      "bin/asc.js",
    );
    await promisify(execFile)(
      process.execPath,
      [asc, "engine/compiler/kernels/main.ts", ...flags, "--outFile", binary],
      {
        cwd: root,
      },
    );
    const text = (await readFile(binary)).toString("base64");
    // Renamed into place: whoever reads it meanwhile sees the old or the new one, never a part.
    const fresh = path.join(compiler, `binary.${process.pid}.tmp`);
    await writeFile(
      fresh,
      `// Written by build-kernels.ts from sources ${digest}.\nexport const binary =\n  "${text}";\n`,
    );
    await rename(fresh, output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function digestOfSources(): Promise<string> {
  const kernels = (await readdir(path.join(compiler, "kernels"))).sort().map((name) => path.join("kernels", name));
  const hash = createHash("sha256").update(flags.join(" "));
  for (const name of ["layout.ts", "opcodes.ts", ...kernels]) hash.update(await readFile(path.join(compiler, name)));
  return hash.digest("hex");
}
