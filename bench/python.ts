// Finds a Python that has a library. The system's own comes first: what stands before it on the PATH is often a
// developer's, and the goals were set against the packages of the system.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/** The first Python that imports all of the modules; undefined when none does. */
export async function pythonWith(...modules: readonly string[]): Promise<string | undefined> {
  for (const python of pythons()) {
    const imports = promisify(execFile)(python, ["-c", `import ${modules.join(", ")}`], { timeout: 60_000 });
    if (
      await imports.then(
        () => true,
        () => false,
      )
    )
      return python;
  }
  return undefined;
}

function pythons(): string[] {
  const name = process.platform === "win32" ? "python.exe" : "python3";
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return [...new Set(["/usr/bin", ...folders])]
    .map((folder) => path.join(folder, name))
    .filter((file) => existsSync(file));
}
