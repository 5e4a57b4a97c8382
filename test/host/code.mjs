#!/usr/bin/env node
// An executable stand-in for the desktop `code`, for `vscodeExecutablePath` of @vscode/test-electron, which starts
// it as a program and cannot be told to use `tsx`. Everything is in code.ts.
import "tsx";

await import("./code.ts");
