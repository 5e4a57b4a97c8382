// Runs the extension-host suite with @vscode/test-electron: `tsx test/extension-host/runner.ts [desktop]`.
// By default on VS Code's server from npm; with `desktop` in the VS Code at VSCODE_PATH, or in one it downloads.
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { examplesFolder, hostRoot, repositoryRoot } from "../host/paths";

const desktop = process.argv.includes("desktop");
const suite = path.join(repositoryRoot, "dist/test/extension-host.cjs");
// Real path: VS Code compares paths as text, and macOS's temporary folder is a link.
const temporaryFolder = realpathSync(mkdtempSync(path.join(tmpdir(), "nnet-extension-host-")));

try {
  if (!existsSync(suite)) throw new Error('dist/test/extension-host.cjs is missing. Run "npm run build" first.');
  const workspace = path.join(temporaryFolder, "examples");
  cpSync(examplesFolder, workspace, { recursive: true }); // Tests edit files.
  const executable = desktop ? process.env.VSCODE_PATH : path.join(hostRoot, "code.mjs");
  await runTests({
    ...(executable ? { vscodeExecutablePath: executable } : {}),
    extensionDevelopmentPath: repositoryRoot,
    extensionTestsPath: suite,
    // A profile of its own, else the person's own extensions and settings take part.
    launchArgs: [
      workspace,
      "--disable-extensions",
      `--user-data-dir=${path.join(temporaryFolder, "user")}`,
      `--extensions-dir=${path.join(temporaryFolder, "extensions")}`,
    ],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
}
