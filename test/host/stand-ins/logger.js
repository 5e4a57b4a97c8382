// Answers for @vscode/spdlog, a native module: appends log lines to a file, without rotation.
import { appendFileSync } from "node:fs";

const levels = ["trace", "debug", "info", "warn", "error", "critical"];

class Logger {
  #file;
  #level = levels.indexOf("info");
  #plain = false;

  constructor(file) {
    this.#file = file;
    for (const [level, name] of levels.entries()) this[name] = (message) => this.#write(level, message);
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  /** VS Code formats some logs itself and then wants the message only. */
  clearFormatters() {
    this.#plain = true;
  }

  setPattern() {}
  flush() {}
  drop() {}

  #write(level, message) {
    if (level < this.#level) return;
    const line = this.#plain ? message : `${new Date().toISOString()} [${levels[level]}] ${message}\n`;
    try {
      appendFileSync(this.#file, line);
    } catch {
      // The data folder is removed while the server is ending.
    }
  }
}

export const version = 1;

export function setFlushOn() {}
export function setLevel() {}
export function shutdown() {}

export async function createRotatingLogger(_name, file) {
  return new Logger(file);
}

export async function createAsyncRotatingLogger(_name, file) {
  return new Logger(file);
}
