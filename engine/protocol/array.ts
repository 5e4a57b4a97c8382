// Numbers with a shape: what data sets hold, literals mean and ops compute.

/** Sizes of the dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Dense array in row-major order; `data.length` is the product of `shape`. */
export interface NdArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}
