// The commands of `nnet` and their options. Gives the exit code; prints errors without stacks.

import { Command, CommanderError, InvalidArgumentError } from "commander";
import { DataError } from "../../engine/data/dataset";
import { ShapeError } from "../../engine/model/shape";
import { colorsFor } from "./colors";
import { check } from "./commands/check";
import { type DeriveOptions, derive } from "./commands/derive";
import { type FmtOptions, fmt } from "./commands/fmt";
import { type RunOptions, run } from "./commands/run";
import { test } from "./commands/test";
import { type TrainOptions, train } from "./commands/train";
import { writeJson } from "./report";
import { CommandError, type ExitCode, exit, type Terminal } from "./terminal";

export async function cli(args: readonly string[], version: string, terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exit.ok;
  const program = new Command("nnet")
    .description("Checks, trains, runs, tests and formats neural networks written in .nnet files.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.error })
    .showHelpAfterError("(nnet --help lists all commands and options)");

  command(program, "check", "find every problem of the files, run nothing")
    .argument("<file...>")
    .action(async (files: string[], options: Json) => {
      code = await check(files, normal(options), terminal);
    });

  command(program, "train", "run a training to its end")
    .argument("<file>")
    .option("--train <name>", "which training, when the file has several")
    .option("--epochs <n>", "passes over the data, instead of the file's", positive)
    .option("--seed <n>", "seed of weights and order, instead of the file's", whole)
    .option("--checkpoint <file>", "write the training into this .safetensors file, instead of the one it names")
    .option("--resume [file]", "go on from this file, or from the one the training is written into")
    .action(async (file: string, options: TrainOptions) => {
      code = await train(file, normal(options), terminal);
    });

  command(program, "run", "put one sample, numbers or the rows of a table through a network")
    .description(
      "Put one sample, numbers or the rows of a table through a network.\n\nThe network is trained first, as its training says, unless --untrained is given:\nthen its weights are fresh ones. A network that no training names always has fresh weights.\n\nOf a table (CSV, also .gz) every row goes through, however many there are, and gives one row of\nthe output: the class and its probability where the training knows classes, then every number.\nIts columns are the inputs in their order, or those that have the names of the training's inputs.",
    )
    .argument("<file>")
    .option("--sample <n>", "sample of the training's data, counted from 0", whole)
    .option("--input <json or file>", 'numbers: [0, 1], or {"x": [0, 1]} by input; a table when there is an --output')
    .option("--output <file>", "write a row for each row of the table --input")
    .option("--checkpoint <file>", "weights that a training has written, instead of training first")
    .option("--columns <list>", "columns of the table that go in, by name or number from 0: width,height")
    .option("--train <name>", "which training, when the file has several")
    .option("--network <name>", "which network, when none is trained")
    .option("--epochs <n>", "passes over the data, instead of the file's", positive)
    .option("--seed <n>", "seed of weights and order, instead of the file's", whole)
    .option("--untrained", "do not train first", false)
    .action(async (file: string, options: RunOptions) => {
      code = await run(file, normal(options), terminal);
    });

  command(program, "derive", "write out the whole calculation of a check, as Markdown with LaTeX")
    .argument("<file>")
    .option("--check <title>", "which check, when the file has several")
    .option("--out <file>", "write to this file instead of the terminal")
    .action(async (file: string, options: DeriveOptions) => {
      code = await derive(file, normal(options), terminal);
    });

  command(program, "test", "run the checks of the files")
    .argument("<file...>")
    .action(async (files: string[], options: Json) => {
      code = await test(files, normal(options), terminal);
    });

  command(program, "fmt", "write the files in the canonical form")
    .argument("<file...>")
    .option("--check", "write nothing; exit with 1 when a file is not formatted", false)
    .action(async (files: string[], options: FmtOptions) => {
      code = await fmt(files, normal(options), terminal);
    });

  program.addHelpText(
    "after",
    "\nThe exit code is 0 when all is well, 1 when something is wrong with a file, a check or a training,\n2 when the command is, 130 after Ctrl+C.",
  );

  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.usage;
    if (!isExpected(error)) throw error;
    if (args.includes("--json")) writeJson(terminal, { type: "error", message: error.message });
    terminal.error(`${colorsFor(terminal).red("error:")} ${error.message}\n`);
    return exit.problems;
  }
}

interface Json {
  readonly json: boolean;
}

function command(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
    .option("--json", "print one JSON object a line", false);
}

/** Commander hands options over in an object of its own. */
const normal = <Options extends object>(options: Options): Options => ({ ...options });

const isExpected = (error: unknown): error is Error =>
  error instanceof CommandError || error instanceof DataError || error instanceof ShapeError;

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a whole number of at least 0.");
}

function positive(text: string): number {
  const value = whole(text);
  if (value >= 1) return value;
  throw new InvalidArgumentError("It must be a whole number of at least 1.");
}
