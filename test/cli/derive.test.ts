// `nnet derive`: which check, where the page goes, and what is said when there is none.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "./run-cli";

const folder = mkdtempSync(join(tmpdir(), "nnet-derive-"));
const network = "network Double(x) { y = 2 * x  return y }\n";
writeFileSync(
  join(folder, "one.nnet"),
  `${network}check "twice" on Double(x: 3) { expect y == 6 expect grad(x) == 2 }\n`,
);
writeFileSync(
  join(folder, "two.nnet"),
  `${network}check "twice" on Double(x: 3) { expect y == 6 }\ncheck "thrice" on Double(x: 3) { expect y == 9 }\n`,
);
writeFileSync(join(folder, "none.nnet"), network);

const derive = (...args: string[]) => runCli(["derive", ...args], { folder });

test("the only check of a file is printed as Markdown", async () => {
  const { code, out } = await derive("one.nnet");
  expect(code).toBe(0);
  expect(out).toMatch(/^# twice\n/);
  expect(out).toContain(String.raw`y &= 2\,x`);
  expect(out).toContain("✓ `expect grad(x) == 2`");
});

test("a check is chosen by its title, also one that fails", async () => {
  const { code, out } = await derive("two.nnet", "--check", "thrice");
  expect(code).toBe(0);
  expect(out).toContain("✗ **`expect y == 9`**");
});

test("of several checks one must be chosen", async () => {
  const { code, error } = await derive("two.nnet");
  expect(code).toBe(1);
  expect(error).toContain('two.nnet has 2 checks: choose one with --check "twice" | --check "thrice"');
});

test("a title that is nearly right is recognized", async () => {
  expect((await derive("two.nnet", "--check", "thrise")).error).toContain('did you mean "thrice"?');
});

test("a file without checks says so", async () => {
  expect((await derive("none.nnet")).error).toContain("none.nnet has no check");
});

test("--out writes a file, and says so", async () => {
  const { code, out } = await derive("one.nnet", "--out", "page.md");
  expect(code).toBe(0);
  expect(out).toBe('page.md: the derivation of "twice"\n');
  expect(readFileSync(join(folder, "page.md"), "utf8")).toMatch(/^# twice\n/);
});

test("a file that cannot be written is named", async () => {
  const { code, error } = await derive("one.nnet", "--out", "no/such/folder/page.md");
  expect(code).toBe(1);
  expect(error).toContain("no/such/folder/page.md cannot be written");
});

test("--json prints the page in one object", async () => {
  const object = JSON.parse((await derive("one.nnet", "--json")).out) as Record<string, string>;
  expect(object).toMatchObject({ type: "derivation", file: "one.nnet", check: "twice" });
  expect(object.markdown).toMatch(/^# twice\n/);
});
