// Sources → `dist`: one bundle for each process. `tsx build.ts [--watch] [--production]`. Checks no types: `tsc -b` does.

import { chmod, copyFile, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, context } from "esbuild";
import { buildFormulas } from "./build-formulas";
import { buildKernels } from "./build-kernels";

const root = path.dirname(fileURLToPath(import.meta.url));
const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  legalComments: "none",
  logLevel: "warning",
  define: { "process.env.NODE_ENV": production ? '"production"' : '"development"' },
  loader: { ".svg": "dataurl" },
};

// VS Code 1.100, the oldest one supported, runs extensions on Node 20 and shows webviews in Chromium 132.
const node: BuildOptions = { platform: "node", target: "node20" };
const browser: BuildOptions = { platform: "browser", format: "iife", target: "chrome132" };

const bundles: Readonly<Record<string, BuildOptions & { entryPoints: [string]; outfile: string }>> = {
  "extension host": {
    ...node,
    format: "cjs",
    external: ["vscode"],
    entryPoints: ["extension/host/activate.ts"],
    outfile: "dist/extension.cjs",
  },
  worker: { ...node, format: "cjs", entryPoints: ["engine/runtime/worker.ts"], outfile: "dist/worker.cjs" },
  "command line": {
    ...node,
    format: "esm",
    entryPoints: ["extension/cli/main.ts"],
    outfile: "dist/cli.js",
    banner: {
      // CommonJS dependencies inside an ES module still call `require` for Node's own modules.
      js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
    },
  },
  webview: {
    ...browser,
    entryPoints: ["webview/main.tsx"],
    outfile: "dist/webview/main.js",
    banner: {
      // uPlot writes numbers in the browser's language, which in a container may be no language tag: "en-US@posix".
      // The page's language is the one of our texts.
      js: 'Object.defineProperty(navigator, "language", { value: document.documentElement.lang });',
    },
  },
  "layout worker": {
    ...browser,
    entryPoints: ["webview/diagram/layout-worker.ts"],
    outfile: "dist/webview/layout-worker.js",
  },
  "extension-host tests": {
    ...node,
    format: "cjs",
    minify: false,
    // mocha loads its parts by name at run time, so it stays in node_modules.
    external: ["vscode", "mocha"],
    entryPoints: ["test/extension-host/index.ts"],
    outfile: "dist/test/extension-host.cjs",
  },
};

const copies: Readonly<Record<string, string>> = {
  "node_modules/@vscode/codicons/dist/codicon.css": "dist/webview/codicon.css",
  "node_modules/@vscode/codicons/dist/codicon.ttf": "dist/webview/codicon.ttf",
};

await copyAssets();
await buildKernels();
await buildFormulas();
await Promise.all(Object.keys(bundles).map(makeBundle));
await chmod(path.join(root, "dist/cli.js"), 0o755).catch(() => undefined);

async function copyAssets(): Promise<void> {
  await mkdir(path.join(root, "dist/webview"), { recursive: true });
  await Promise.all(Object.entries(copies).map(([from, to]) => copyFile(path.join(root, from), path.join(root, to))));
}

async function makeBundle(name: string): Promise<void> {
  const options = { ...common, ...bundles[name]! };
  const entry = options.entryPoints[0];
  const exists = await stat(path.join(root, entry)).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!exists) {
    console.error(`The ${name} has no bundle: ${entry} is not there.`);
    process.exitCode = 1;
    return;
  }
  if (watch) {
    const watched = await context({ ...options, logLevel: "info" });
    await watched.watch();
    return;
  }
  try {
    await build(options);
    console.log(`${options.outfile}: ${await sizeOf(options.outfile)}`);
  } catch {
    // esbuild has printed what is wrong and where.
    console.error(`The ${name} could not be built from ${entry}.`);
    process.exitCode = 1;
  }
}

async function sizeOf(file: string): Promise<string> {
  const { size } = await stat(path.join(root, file));
  return `${(size / 1024).toFixed(0)} KB`;
}
