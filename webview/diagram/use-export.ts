// A picture of the diagram, when the editor or the toolbar asks for one.

import { useEffect } from "react";
import { useSelected, useSession } from "../store";
import { pictureOf } from "./picture";
import type { PlacedDiagram } from "./use-layout";

/** Pixels of the PNG for one of the diagram. */
const sharpness = 2;

/** What browsers give a canvas. */
const longestSide = 16_000;

export function useExport(placed: PlacedDiagram | undefined): void {
  const { store, post } = useSession();
  const wanted = useSelected(({ editing }) => editing.command);
  useEffect(() => {
    if (!wanted || !placed) return;
    store.dispatch({ kind: "editing", action: { kind: "commandDone" } });
    const svg = pictureOf(placed);
    const network = placed.diagram.name;
    if (wanted.command === "exportSvg") return post({ kind: "save", format: "svg", network, data: svg.text });
    pngOf(svg).then(
      (data) => post({ kind: "save", format: "png", network, data }),
      (error: unknown) => {
        const text = `The picture could not be made: ${error instanceof Error ? error.message : String(error)}`;
        store.dispatch({ kind: "editing", action: { kind: "say", message: { severity: "error", text } } });
      },
    );
  }, [wanted, placed, store, post]);
}

/** In base 64. */
async function pngOf({ text, width, height }: ReturnType<typeof pictureOf>): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const scale = Math.min(sharpness, longestSide / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the browser gives no canvas.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [, data = ""] = canvas.toDataURL("image/png").split(",");
  return data;
}
