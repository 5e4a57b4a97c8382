// What follows from the syntax alone: formatting, folding, selection, outline, links to files, colors of names.

import * as vscode from "vscode";
import { type Fold, folds } from "../language/folding";
import { type FormatOptions, format } from "../language/format";
import { fileLinks } from "../language/links";
import { type OutlineSymbol, outline, type SymbolKind } from "../language/outline";
import { selector as selectorOf } from "../language/selection";
import { semanticTokens, tokenModifiers, tokenTypes } from "../language/semantic-tokens";
import { type Documents, selector } from "./documents";
import { rangeIn } from "./places";

export function provideSyntax(documents: Documents): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    ...provideFormatting(documents),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document) => {
        const { file, text } = documents.analysisOf(document);
        return folds(file, text).map(foldingRange);
      },
    }),
    languages.registerSelectionRangeProvider(selector, {
      provideSelectionRanges(document, positions) {
        const { file, text } = documents.analysisOf(document);
        const rangesAt = selectorOf(file, text);
        return positions.map((position) => selectionRange(document, position, rangesAt(document.offsetAt(position))));
      },
    }),
    languages.registerDocumentSymbolProvider(
      selector,
      {
        provideDocumentSymbols: (document) =>
          outline(documents.analysisOf(document)).map((symbol) => documentSymbol(document, symbol)),
      },
      { label: "nnet" },
    ),
    languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: (document) =>
        fileLinks(documents.analysisOf(document).file).flatMap(({ range, path }) => {
          const target = fileAt(document.uri, path);
          if (!target) return [];
          const link = new vscode.DocumentLink(rangeIn(document, range), target);
          link.tooltip = `Open ${path}`;
          return [link];
        }),
    }),
    provideColors(documents),
  );
}

/** A path as a document means it; a document that is not saved yet means its workspace's folder. */
export function fileAt(document: vscode.Uri, path: string): vscode.Uri | undefined {
  if (/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path)) return vscode.Uri.file(path);
  const segments = path.replaceAll("\\", "/");
  if (document.scheme !== "untitled") return vscode.Uri.joinPath(document, "..", segments);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, segments);
}

// --- Formatting ---------------------------------------------------------------------------------------------------------

function provideFormatting(documents: Documents): vscode.Disposable[] {
  const edits = (document: vscode.TextDocument, options: FormatOptions = {}): vscode.TextEdit[] => {
    const { file, text } = documents.analysisOf(document);
    return format(text, options, file).map(({ range, newText }) =>
      vscode.TextEdit.replace(rangeIn(document, range), newText),
    );
  };
  const offsets = (document: vscode.TextDocument, range: vscode.Range) => ({
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
  });
  return [
    vscode.languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: (document) => edits(document),
    }),
    vscode.languages.registerDocumentRangeFormattingEditProvider(selector, {
      provideDocumentRangeFormattingEdits: (document, range) => edits(document, { range: offsets(document, range) }),
      provideDocumentRangesFormattingEdits(document, ranges) {
        const found = ranges.flatMap((range) => edits(document, { range: offsets(document, range) }));
        // Two ranges may share a line, and an edit counts once.
        return found.filter((edit, index) => found.findIndex(({ range }) => range.isEqual(edit.range)) === index);
      },
    }),
    vscode.languages.registerOnTypeFormattingEditProvider(
      selector,
      {
        provideOnTypeFormattingEdits(document, position, character) {
          const offset = document.offsetAt(position);
          if (character === "}") {
            const declaration = documents
              .analysisOf(document)
              .file.declarations.find(({ range }) => range.end === offset);
            return declaration ? edits(document, { range: declaration.range }) : [];
          }
          // The line that was just ended: its breaks are still the user's.
          const line = document.lineAt(Math.max(0, position.line - 1)).range;
          return edits(document, { range: offsets(document, line), withinLines: true });
        },
      },
      "}",
      "\n",
    ),
  ];
}

// --- Folding, selection, outline ----------------------------------------------------------------------------------------

const foldingKinds: { readonly [Kind in NonNullable<Fold["kind"]>]: vscode.FoldingRangeKind } = {
  comment: vscode.FoldingRangeKind.Comment,
  imports: vscode.FoldingRangeKind.Imports,
  region: vscode.FoldingRangeKind.Region,
};

function foldingRange({ startLine, endLine, kind }: Fold): vscode.FoldingRange {
  return new vscode.FoldingRange(startLine, endLine, kind && foldingKinds[kind]);
}

/** VS Code wants a range for every position. */
function selectionRange(
  document: vscode.TextDocument,
  position: vscode.Position,
  ranges: readonly { readonly start: number; readonly end: number }[],
): vscode.SelectionRange {
  const chain = ranges.reduceRight<vscode.SelectionRange | undefined>(
    (parent, range) => new vscode.SelectionRange(rangeIn(document, range), parent),
    undefined,
  );
  return chain ?? new vscode.SelectionRange(new vscode.Range(position, position));
}

const symbolKinds: { readonly [Kind in SymbolKind]: vscode.SymbolKind } = {
  import: vscode.SymbolKind.File,
  data: vscode.SymbolKind.Struct,
  network: vscode.SymbolKind.Class,
  block: vscode.SymbolKind.Class,
  training: vscode.SymbolKind.Event,
  check: vscode.SymbolKind.Method,
  input: vscode.SymbolKind.Variable,
  attribute: vscode.SymbolKind.Property,
  parameter: vscode.SymbolKind.Field,
  constant: vscode.SymbolKind.Constant,
  layer: vscode.SymbolKind.Function,
  value: vscode.SymbolKind.Variable,
  output: vscode.SymbolKind.Interface,
  setting: vscode.SymbolKind.Property,
  given: vscode.SymbolKind.Field,
  expectation: vscode.SymbolKind.Boolean,
  step: vscode.SymbolKind.Operator,
};

function documentSymbol(document: vscode.TextDocument, symbol: OutlineSymbol): vscode.DocumentSymbol {
  const { kind, name, detail, range, selectionRange: selection, children } = symbol;
  const [whole, selected] = [rangeIn(document, range), rangeIn(document, selection)];
  const shown = new vscode.DocumentSymbol(name, detail, symbolKinds[kind], whole, selected);
  shown.children = children.map((child) => documentSymbol(document, child));
  return shown;
}

// --- Colors -------------------------------------------------------------------------------------------------------------

function provideColors(documents: Documents): vscode.Disposable {
  const legend = new vscode.SemanticTokensLegend([...tokenTypes], [...tokenModifiers]);
  return vscode.languages.registerDocumentSemanticTokensProvider(
    selector,
    {
      provideDocumentSemanticTokens(document) {
        const builder = new vscode.SemanticTokensBuilder(legend);
        for (const { range, type, modifiers } of semanticTokens(documents.analysisOf(document).file)) {
          builder.push(rangeIn(document, range), type, [...modifiers]);
        }
        return builder.build();
      },
    },
    legend,
  );
}
