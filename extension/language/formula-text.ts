// LaTeX of the catalog → one line of plain text, for places where nothing typesets: `∂L/∂x = ∂L/∂y ⊙ y(1 - y)`. Knows what
// the catalog uses; an unknown command shows its name.

/** One line for each line of the formula. */
export function formulaText(latex: string): string {
  return latex
    .split("\n")
    .map((line) => new Reader(line).all())
    .map((line) =>
      line
        .replace(/\s+/g, " ")
        .replace(/(?<=\w)- (?=\w)/g, " - ")
        .replace(/([([]) | (?=[)\],;])/g, "$1")
        .trim(),
    )
    .join("\n");
}

const symbols: Readonly<Record<string, string>> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  varepsilon: "ε",
  eta: "η",
  theta: "θ",
  lambda: "λ",
  mu: "μ",
  pi: "π",
  rho: "ρ",
  sigma: "σ",
  varphi: "φ",
  Phi: "Φ",
  sum: "Σ",
  odot: " ⊙ ",
  oslash: " ⊘ ",
  cdot: " · ",
  oplus: " ⊕ ",
  le: " ≤ ",
  ge: " ≥ ",
  ne: " ≠ ",
  leftarrow: " ← ",
  sim: " ~ ",
  in: " ∈ ",
  dots: "…",
  lVert: "‖",
  rVert: "‖",
  top: "T",
  quad: "  ",
  left: "",
  right: "",
  textstyle: "",
}; // prettier-ignore

const superscripts = pairs("0123456789+-=()nitxyabT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵗˣʸᵃᵇᵀ");
const subscripts = pairs("0123456789+-=()nijkxt", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙᵢⱼₖₓₜ");

/** Recursive descent over one line. */
class Reader {
  private at = 0;

  constructor(private readonly latex: string) {}

  all(): string {
    return this.until(() => this.at >= this.latex.length);
  }

  private until(ends: () => boolean): string {
    let text = "";
    while (!ends() && this.at < this.latex.length) text += this.next();
    return text;
  }

  /** The next character, group or command, converted. */
  private next(): string {
    const character = this.latex[this.at++]!;
    if (character === "{") return this.group();
    if (character === "\\") return this.command();
    if (character === "^") return script(this.argument(), superscripts, "^");
    if (character === "_") return script(this.argument().replace(/,/g, ""), subscripts, "_");
    return character;
  }

  private group(): string {
    const text = this.until(() => this.latex[this.at] === "}");
    this.at++;
    return text;
  }

  private argument(): string {
    while (this.latex[this.at] === " ") this.at++;
    return this.at < this.latex.length ? this.next() : "";
  }

  private command(): string {
    const [name = ""] = /^[A-Za-z]+/.exec(this.latex.slice(this.at)) ?? [];
    if (name === "") {
      const character = this.latex[this.at++] ?? "";
      return /[,;:! \\]/.test(character) ? " " : character;
    }
    this.at += name.length;
    switch (name) {
      case "frac":
      case "tfrac": {
        const above = this.argument();
        const below = grouped(this.argument());
        return `${grouped(above)}/${/^\w{2,}$/.test(below) ? `(${below})` : below}`;
      }
      case "sqrt":
        return `√${grouped(this.argument())}`;
      case "hat":
        return accented(this.argument(), "\u0302");
      case "bar":
        return accented(this.argument(), "\u0304");
      case "tilde":
        return accented(this.argument(), "\u0303");
      case "text":
      case "mathrm":
      case "mathcal":
      case "mathrel":
        return this.argument();
      case "operatorname":
        return this.named(this.argument());
      case "partial":
        return `∂${this.argument()}`;
      case "begin":
        return this.environment(this.argument());
      default: {
        return symbols[name] ?? this.named(name);
      }
    }
  }

  /** A function's name stands apart from what it is applied to: `log x`, but `log(x)`. */
  private named(name: string): string {
    return /^\s*(\\left)?\(/.test(this.latex.slice(this.at)) ? ` ${name}` : ` ${name} `;
  }

  /** `cases`, `aligned` and `bmatrix`, on one line. */
  private environment(name: string): string {
    const end = `\\end{${name}}`;
    const length = Math.max(0, this.latex.slice(this.at).indexOf(end));
    const body = this.latex.slice(this.at, this.at + length);
    this.at += length + end.length;
    const rows = body.split("\\\\").map((row) => {
      const cells = row.split("&").map((cell) => new Reader(cell).all().trim());
      return cells.join(name === "cases" ? " if " : " ");
    });
    if (name === "aligned") return rows.join("; ");
    return name === "cases" ? `{ ${rows.join("; ")} }` : `[${rows.join("; ")}]`;
  }
}

function script(text: string, letters: ReadonlyMap<string, string>, mark: string): string {
  const converted = [...text.trim()].map((letter) => letters.get(letter));
  return converted.every((letter) => letter !== undefined) ? converted.join("") : `${mark}${grouped(text)}`;
}

/** In parentheses unless it reads as one thing. */
function grouped(text: string): string {
  const inner = text.trim();
  return /[\s+\-/·]/.test(inner.slice(1)) && !/^\([^()]*\)$/.test(inner) ? `(${inner})` : inner;
}

function accented(text: string, accent: string): string {
  return `${text.trim()}${accent}`.normalize("NFC");
}

function pairs(from: string, to: string): ReadonlyMap<string, string> {
  const targets = [...to];
  return new Map([...from].map((letter, index) => [letter, targets[index]!]));
}
