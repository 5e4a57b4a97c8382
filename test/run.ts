// `npm test`: everything that must hold, stage by stage. Goes on after a failure, prints a table,
// and the last line is always `N passed, M failed`.
//
// `npm test -- --only unit,ui` runs the named stages.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureHostPackages } from "./host/packages";
import { type Finished, runCommand, runNode } from "./host/run-process";

interface Counts {
  passed: number;
  failed: number;
  /** For the table: tests that are switched off, or why a stage failed although no test of it did. */
  note?: string;
}

/** The part we read of what vitest's JSON reporter writes. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
}

interface Stage {
  name: string;
  /** A stage that reads `dist` would otherwise test an older build when the build fails. */
  needsBuild?: boolean;
  run(): Promise<Counts>;
}

interface Result extends Counts {
  name: string;
  seconds: number;
}

const temporaryFolder = mkdtempSync(path.join(tmpdir(), "nnet-test-"));
process.on("exit", () => rmSync(temporaryFolder, { recursive: true, force: true }));

const stages: Stage[] = [
  { name: "build", run: () => oneCheck(runCommand("npm", "run", "build")) },
  { name: "package", needsBuild: true, run: () => oneCheck(runCommand("npm", "run", "package")) },
  { name: "types", run: () => oneCheck(runNode("node_modules/typescript/bin/tsc", "-b")) },
  { name: "lint", run: () => oneCheck(runNode("node_modules/@biomejs/biome/bin/biome", "check")) },
  { name: "unit", run: () => vitest("unit") },
  { name: "extension-host", needsBuild: true, run: extensionHost },
  { name: "ui", needsBuild: true, run: userInterface },
];

const results: Result[] = [];
for (const stage of selectedStages()) results.push(await runStage(stage, results));
report(results);

function selectedStages(): Stage[] {
  const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
  const names = values.only?.flatMap((list) => list.split(","));
  if (!names) return stages;
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    console.error(`No stage is called ${unknown.join(", ")}. There are: ${stages.map(({ name }) => name).join(", ")}.`);
    console.log("0 passed, 1 failed");
    process.exit(1);
  }
  return stages.filter(({ name }) => names.includes(name));
}

async function runStage(stage: Stage, before: Result[]): Promise<Result> {
  console.log(`\n=== ${stage.name} ===`);
  const started = performance.now();
  const finish = (counts: Counts): Result => {
    if (counts.note) console.log(`${stage.name}: ${counts.note}`);
    return { name: stage.name, seconds: (performance.now() - started) / 1000, ...counts };
  };
  const crashed = (note: string) => finish({ passed: 0, failed: 1, note });

  const broken = before.find(({ name, failed }) => name === "build" && failed > 0);
  if (stage.needsBuild && broken) return crashed("not run, because the build failed");
  try {
    const counts = await stage.run();
    if (counts.passed + counts.failed === 0) return crashed("ran no tests at all");
    return finish(counts);
  } catch (error) {
    return crashed(error instanceof Error ? error.message : String(error));
  }
}

/** A command that is a single check: it passes when the command ends with 0. */
async function oneCheck(command: Promise<Finished>): Promise<Counts> {
  const { code } = await command;
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function vitest(project: "unit" | "ui"): Promise<Counts> {
  const reportFile = path.join(temporaryFolder, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const { code } = await runNode("node_modules/vitest/vitest.mjs", "run", "--project", project, ...reporters);
  if (!existsSync(reportFile)) throw new Error(`vitest wrote no report and ended with ${code}`);
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as VitestReport;
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report;
  return withCrash({ passed, failed, ...(skipped > 0 ? { note: `${skipped} skipped` } : {}) }, code);
}

/** The suite prints its counts itself, as the last line: VS Code stands between mocha and us. */
async function extensionHost(): Promise<Counts> {
  await ensureHostPackages();
  const { code, output } = await runNode("--import", "tsx", "test/extension-host/runner.ts");
  const counts = /^@@mocha (\{.*\})\s*$/m.exec(output)?.[1];
  if (!counts) throw new Error(`the suite printed no counts and ended with ${code}`);
  return withCrash(JSON.parse(counts) as Counts, code);
}

async function userInterface(): Promise<Counts> {
  await ensureHostPackages(); // Before the tests, whose time limits do not include a download.
  return vitest("ui");
}

/** A file that cannot be loaded or a process that dies fails no single test, and must not pass for that. */
function withCrash(counts: Counts, code: number | null): Counts {
  const crashed = code !== 0 && counts.failed === 0;
  return crashed ? { ...counts, failed: 1, note: `ended with ${code} although no test failed` } : counts;
}

function report(results: Result[]): void {
  const sum = (key: "passed" | "failed") => results.reduce((total, result) => total + result[key], 0);
  const row = (name: string, passed: unknown, failed: unknown, seconds: string, note = "") =>
    `${name.padEnd(16)}${String(passed).padStart(8)}${String(failed).padStart(8)}${seconds.padStart(10)}  ${note}`.trimEnd();

  console.log(`\n${row("stage", "passed", "failed", "seconds")}`);
  for (const { name, passed, failed, seconds, note } of results) {
    console.log(row(name, passed, failed, seconds.toFixed(1), note));
  }
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}
