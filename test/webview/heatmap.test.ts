// Numbers as colours, and several matrices as one picture.

import { describe, expect, test } from "vitest";
import { formOf, marksOf } from "../../webview/heatmap/marks";
import { mosaicOf } from "../../webview/heatmap/mosaic";
import { pictureShape } from "../../webview/heatmap/sample-picture";
import { colorsOf, type Palette, scaleOf } from "../../webview/heatmap/scale";

const palette: Palette = { background: [0, 0, 0], positive: [0, 0, 200], negative: [100, 0, 0] };

describe("a scale", () => {
  test("of both signs has the background at 0 and is as long to both sides", () => {
    const scale = scaleOf([-1, 4]);
    expect(scale).toEqual({ kind: "diverging", low: -4, high: 4 });
    expect([...colorsOf(Float64Array.of(0, 2, -2, 4), scale, palette)]).toEqual(
      [
        [0, 0, 0, 255],
        [0, 0, 100, 255],
        [50, 0, 0, 255],
        [0, 0, 200, 255],
      ].flat(),
    );
  });

  test("of positive numbers begins at 0", () =>
    expect(scaleOf([2, 8])).toEqual({ kind: "sequential", low: 0, high: 8 }));

  test("has an extent even when every number is 0", () => expect(scaleOf([0, 0])).toMatchObject({ low: 0, high: 1 }));

  test("leaves out what is not finite, which has no color", () => {
    const scale = scaleOf([1, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(scale.high).toBe(1);
    expect([...colorsOf(Float64Array.of(Number.NaN), scale, palette)]).toEqual([0, 0, 0, 0]);
  });
});

describe("a number that is not finite", () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const anywhere = () => true;

  test("has a mark that says which of the three it is", () => {
    const marks = marksOf(Float64Array.of(1, nan, -infinity, infinity, nan, 0), 3, anywhere);
    expect(marks.map(({ kind, number, count }) => [kind, number, count])).toEqual([
      ["nan", nan, 2],
      ["over", infinity, 1],
      ["under", -infinity, 1],
    ]);
    expect(new Set(marks.map(({ kind }) => formOf(kind))).size).toBe(3);
  });

  test("is marked where it stands", () => {
    const [nans, over] = marksOf(Float64Array.of(1, nan, infinity, 2, nan, 0), 3, anywhere);
    expect(placesIn(nans!.path)).toEqual(["M1 0", "M1 1"]);
    expect(placesIn(over!.path)).toEqual(["M2 0"]);
    expect(over!.path).toBe(formOf("over").replace("M0 0", "M2 0"));
  });

  test("needs none where every number is finite", () =>
    expect(marksOf(Float64Array.of(0, -1e300, 5e-324), 3, anywhere)).toEqual([]));

  test("is told from the lines between the tiles of a mosaic", () => {
    const { numbers, columns, placeOf } = mosaicOf({
      tiles: 3,
      rows: 1,
      columns: 1,
      numbers: Float64Array.of(nan, 8, 9),
    });
    const marks = marksOf(numbers, columns, (row, column) => placeOf(row, column) !== undefined);
    expect(marks.map(({ kind, count, path }) => [kind, count, placesIn(path)])).toEqual([["nan", 1, ["M0 0"]]]);
  });

  const placesIn = (path: string) => path.match(/M\d+ \d+/g);
});

describe("a mosaic", () => {
  test("of one matrix is the matrix", () =>
    expect(mosaicOf({ tiles: 1, rows: 1, columns: 2, numbers: Float64Array.of(1, 2) })).toMatchObject({
      rows: 1,
      columns: 2,
      numbers: Float64Array.of(1, 2),
    }));

  test("puts tiles side by side with nothing between them", () => {
    const { rows, columns, numbers, placeOf } = mosaicOf({
      tiles: 3,
      rows: 1,
      columns: 1,
      numbers: Float64Array.of(7, 8, 9),
    });
    const nothing = Number.NaN;
    expect({ rows, columns }).toEqual({ rows: 3, columns: 3 });
    expect([...numbers]).toEqual([7, nothing, 8, nothing, nothing, nothing, 9, nothing, nothing]);
    expect(placeOf(2, 0)).toEqual({ tile: 2, row: 0, column: 0 });
    expect(placeOf(2, 2)).toBeUndefined();
    expect(placeOf(0, 1)).toBeUndefined();
  });

  test("says of every cell which element it is", () => {
    const { columns, numbers, placeOf, rows } = mosaicOf({
      tiles: 5,
      rows: 2,
      columns: 3,
      numbers: Float64Array.from({ length: 30 }, (_, at) => at),
    });
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const place = placeOf(row, column);
        const element = place ? (place.tile * 2 + place.row) * 3 + place.column : Number.NaN;
        expect(numbers[row * columns + column]).toBe(element);
      }
  });
});

describe("the picture of a sample", () => {
  const shapeOf = (...shape: number[]) =>
    pictureShape({ shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) });

  test("is an image where the sample is one", () => {
    expect(shapeOf(1, 8, 6)).toEqual({ channels: 1, height: 8, width: 6 });
    expect(shapeOf(3, 8, 6)).toEqual({ channels: 3, height: 8, width: 6 });
    expect(shapeOf(8, 6)).toEqual({ channels: 1, height: 8, width: 6 });
  });

  test("is a square of a list that fills one, and else a row", () => {
    expect(shapeOf(64)).toEqual({ channels: 1, height: 8, width: 8 });
    expect(shapeOf(13)).toEqual({ channels: 1, height: 1, width: 13 });
  });
});
