// The operators between two values: which function of the catalog each is short for, and how tightly it binds.

import type { BinaryOperator } from "./ast";

export const operatorFunctions: { readonly [Operator in BinaryOperator]: string } = {
  "^": "power",
  "*": "multiply",
  "/": "divide",
  "@": "matmul",
  "+": "add",
  "-": "subtract",
  "==": "equal",
  "!=": "notEqual",
  "<": "less",
  "<=": "lessEqual",
  ">": "greater",
  ">=": "greaterEqual",
};

/** A higher number binds tighter. All but "^" are left-associative; a sign stands between "^" and the others. */
export const precedences: { readonly [Operator in BinaryOperator]: number } = {
  "==": 1,
  "!=": 1,
  "<": 1,
  "<=": 1,
  ">": 1,
  ">=": 1,
  "+": 2,
  "-": 2,
  "*": 3,
  "/": 3,
  "@": 3,
  "^": 5,
};

export const signPrecedence = 4;

export function isOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(operatorFunctions, text);
}

/** How a function is written between its two values, if it can be. */
export function operatorOf(functionName: string): BinaryOperator | undefined {
  return Object.keys(operatorFunctions)
    .filter(isOperator)
    .find((operator) => operatorFunctions[operator] === functionName);
}
