// Where the test host's parts live. Knows nothing about how they are installed or started.
import path from "node:path";
import { fileURLToPath } from "node:url";

/** This folder, `test/host`: a package of its own, so that the extension's own install stays small. */
export const hostRoot = path.dirname(fileURLToPath(import.meta.url));

/** The root of the repository, which is also the root of the extension. */
export const repositoryRoot = path.resolve(hostRoot, "../..");

/** The npm packages of the host: VS Code's server, Node, Chromium, fonts. */
export const hostModules = path.join(hostRoot, "node_modules");

/** What we unpack or write once: Chromium, the font configuration. Goes away with the packages. */
export const hostCache = path.join(hostModules, ".cache");

/** VS Code's server as code-server ships it: the original build with a few patches. */
export const serverRoot = path.join(hostModules, "code-server/lib/vscode");

/** The examples that tests and `npm start` open. */
export const examplesFolder = path.join(repositoryRoot, "examples");
