// Collects what VS Code wrote into its log files, for the message of a failure.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const lengthOfTail = 3000; // characters: enough for a stack trace, little enough to read

/** The ends of the extension host's logs (its own and those of extensions' output channels). */
export function recentLogs(dataFolder: string): string {
  const folder = path.join(dataFolder, "data/logs");
  if (!existsSync(folder)) return "";
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /exthost.*\.log$/.test(name))
    .map((name) => [name, readFileSync(path.join(folder, name), "utf8").slice(-lengthOfTail)] as const)
    .filter(([, text]) => text.trim() !== "")
    .map(([name, text]) => `--- ${name}\n${text}`)
    .join("\n");
}
