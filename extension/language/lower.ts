import type { Module } from "../../engine/protocol/network";
import type { Environment } from "./analyze";
import type { SourceFile } from "./ast";
import type { Reporter } from "./diagnostics";

export function lower(_file: SourceFile, _environment: Environment, _reporter: Reporter): Module {
  return { networks: [], data: [], trainings: [], checks: [], mentions: [] };
}
