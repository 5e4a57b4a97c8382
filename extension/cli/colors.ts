// Colors of a terminal, or none.

export type ColorName = "red" | "yellow" | "blue" | "green" | "dim" | "bold";
export type Colors = { readonly [Name in ColorName]: (text: string) => string };

// Select Graphic Rendition, ECMA-48.
const codes: { readonly [Name in ColorName]: readonly [on: number, off: number] } = {
  red: [31, 39],
  yellow: [33, 39],
  blue: [34, 39],
  green: [32, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export function colorsFor({ interactive }: { readonly interactive: boolean }): Colors {
  const paint =
    (name: ColorName) =>
    (text: string): string =>
      interactive ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text;
  return {
    red: paint("red"),
    yellow: paint("yellow"),
    blue: paint("blue"),
    green: paint("green"),
    dim: paint("dim"),
    bold: paint("bold"),
  };
}
