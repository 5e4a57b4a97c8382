// The elements of a tensor: the last two dimensions as a picture, the others by index or side by side.

import { useMemo, useState } from "react";
import type { Shape } from "../../engine/protocol/array";
import type { TensorSlice } from "../../engine/protocol/inspection";
import { Heatmap } from "../heatmap/heatmap";
import { mosaicOf } from "../heatmap/mosaic";
import { formatCount, formatShape } from "../numbers";
import { useAnswerOfMoment } from "../use-answer";
import { dimensionNames, type Tensor } from "./subject";

/** Of a quantity, as the inspector's choice calls them. */
export const parts = { value: "values", gradient: "gradient", update: "last update" } as const;
export type Part = keyof typeof parts;

const interval = 200; // ms

interface TensorViewProps {
  readonly tensor: Tensor;
  readonly of: "value" | "gradient";
  readonly shape: Shape;
}

export function TensorView({ tensor, of, shape }: TensorViewProps) {
  const leading = shape.slice(0, -2);
  // One sample, and everything else side by side.
  const [at, setAt] = useState<readonly number[]>(() => (tensor.batched && leading.length > 0 ? [0] : []));
  const { answer, problem } = useAnswerOfMoment("inspect", { id: tensor.id, of, at }, interval);
  const names = dimensionNames(shape, tensor.batched);
  return (
    <div className="tensor">
      {leading.map((size, dimension) => (
        <IndexField
          key={names[dimension]}
          name={names[dimension]!}
          size={size}
          index={at[dimension]}
          disabled={dimension > at.length}
          onIndex={(index) =>
            setAt(
              index === undefined
                ? at.slice(0, dimension)
                : at.length > dimension
                  ? at.with(dimension, index)
                  : [...at, index],
            )
          }
        />
      ))}
      {problem !== undefined && <p className="inspector-empty">{problem}</p>}
      {answer && <SlicePicture slice={answer} tensor={tensor} names={names} />}
    </div>
  );
}

interface IndexFieldProps {
  readonly name: string;
  readonly size: number;
  /** Undefined for all of them. */
  readonly index: number | undefined;
  readonly disabled: boolean;
  readonly onIndex: (index: number | undefined) => void;
}

function IndexField({ name, size, index, disabled, onIndex }: IndexFieldProps) {
  return (
    <div className="index">
      <label>
        {name}{" "}
        <input
          type="number"
          min={0}
          max={size - 1}
          value={index ?? ""}
          placeholder="all"
          disabled={disabled}
          onChange={({ target }) => {
            const given = Number.parseInt(target.value, 10);
            onIndex(Number.isNaN(given) ? undefined : Math.min(size - 1, Math.max(0, given)));
          }}
        />
      </label>
      <span className="index-size">of {formatCount(size)}</span>
      <label className="index-all">
        <input
          type="checkbox"
          checked={index === undefined}
          disabled={disabled}
          onChange={({ target }) => onIndex(target.checked ? undefined : 0)}
        />
        all
      </label>
    </div>
  );
}

interface SlicePictureProps {
  readonly slice: TensorSlice;
  readonly tensor: Tensor;
  readonly names: readonly string[];
}

function SlicePicture({ slice, tensor, names }: SlicePictureProps) {
  const mosaic = useMemo(() => mosaicOf(slice), [slice]);
  const { step, shape, at, block, tiles, allTiles, rows, columns } = slice;
  const nameOf = (row: number, column: number): string | undefined => {
    const place = mosaic.placeOf(row, column);
    if (!place) return undefined;
    const index = [...at, ...indexOfTile(place.tile, shape.slice(at.length, -2))];
    const last = shape.length < 2 ? [] : [extent(place.row, block[0], shape.at(-2)!)];
    const places = [...index, ...last, ...(shape.length === 0 ? [] : [extent(place.column, block[1], shape.at(-1)!)])];
    const mean = block[0] * block[1] > 1 ? "mean of " : "";
    return `${mean}${tensor.name}[${places.join(", ")}]`;
  };
  const [down, across] = [names.at(-2), names.at(-1)];
  // Square cells would leave a long matrix hardly any height, or width.
  const isLong = tiles === 1 && (columns > 4 * rows || rows > 4 * columns);
  return (
    <>
      <Heatmap
        label={`${tensor.name}, ${formatShape(shape)}`}
        rows={mosaic.rows}
        columns={mosaic.columns}
        numbers={mosaic.numbers}
        nameOf={nameOf}
        square={!isLong}
      />
      <p className="inspector-note">
        {across === undefined
          ? "One number."
          : down === undefined
            ? `Across: ${across}.`
            : `Down: ${down}. Across: ${across}.`}
        {` After step ${formatCount(step)}.`}
        {block[0] * block[1] > 1 && ` Each cell is the mean of ${block[0]} × ${block[1]} numbers.`}
        {tiles < allTiles && ` The first ${formatCount(tiles)} of ${formatCount(allTiles)} matrices.`}
      </p>
    </>
  );
}

function indexOfTile(tile: number, extents: Shape): number[] {
  const index: number[] = [];
  let rest = tile;
  for (const extent of extents.toReversed()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return index;
}

/** `3`, or `6–8` for a block. */
function extent(at: number, block: number, size: number): string {
  const first = at * block;
  const last = Math.min(size, first + block) - 1;
  return first === last ? `${first}` : `${first}–${last}`;
}
