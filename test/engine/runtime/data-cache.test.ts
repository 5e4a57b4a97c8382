import { expect, test } from "vitest";
import type { DataDeclaration } from "../../../engine/protocol/network";
import { DataCache } from "../../../engine/runtime/data-cache";

const range = { start: 0, end: 0 };
const declaration: DataDeclaration = {
  name: "Points",
  documentation: "",
  range,
  nameRange: range,
  source: { name: "Csv", arguments: { file: "points.csv", target: -1, scale: 1 } },
  sourceRange: range,
  argumentRanges: {},
};

test("a file is read once, beside the document or where the import says", async () => {
  const read: string[] = [];
  const cache = new DataCache((folder) => ({
    read: async (path) => {
      read.push(`${folder}/${path}`);
      return new TextEncoder().encode("1,2\n3,4\n");
    },
    version: async () => "1",
  }));
  await cache.get(declaration, "/somewhere");
  await cache.get(declaration, "/somewhere");
  await cache.get({ ...declaration, folder: "../shared" }, "/somewhere");
  await cache.get(declaration, "/shared");
  expect(read).toEqual(["/somewhere/points.csv", "/shared/points.csv"]);
});
