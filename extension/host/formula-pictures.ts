// The catalog's formulas as pictures, read when the first hover wants one, and the color they have in this theme.

import { readFile } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Typeset } from "../../engine/protocol/explanation";
import type { Pictures } from "../language/picture";

export class FormulaPictures {
  private formulas: Promise<ReadonlyMap<string, Typeset>> | undefined;

  constructor(private readonly extensionUri: vscode.Uri) {}

  async current(): Promise<Pictures> {
    this.formulas ??= read(path.join(this.extensionUri.fsPath, "dist", "formulas.json"));
    return { formulas: await this.formulas, ink: inkOf[vscode.window.activeColorTheme.kind] };
  }
}

async function read(file: string): Promise<ReadonlyMap<string, Typeset>> {
  const formulas = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, Typeset>>;
  return new Map(Object.entries(formulas));
}

/** A picture cannot ask for the color of the text around it: these are VS Code's own for hovers. */
const inkOf: { readonly [K in vscode.ColorThemeKind]: string } = {
  [vscode.ColorThemeKind.Dark]: "#cccccc",
  [vscode.ColorThemeKind.Light]: "#3b3b3b",
  [vscode.ColorThemeKind.HighContrast]: "#ffffff",
  [vscode.ColorThemeKind.HighContrastLight]: "#292929",
};
