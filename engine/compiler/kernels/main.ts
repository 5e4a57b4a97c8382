// The kernels' entry: runs programs, alone or as one of several threads. AssemblyScript.

import {
  argumentsAt,
  barrierFlag,
  faultAt,
  faultFlag,
  flagsAt,
  instructionSize,
  orderAt,
  serialFlag,
  unitsAt,
} from "../layout";
import { Opcode } from "../opcodes";
import { conv2d, conv2dInput, conv2dWeights } from "./convolution";
import { binary, copy, selectOf, transpose, unary } from "./elementwise";
import { matmul } from "./matmul";
import {
  classGradient,
  concat,
  dropoutMask,
  embed,
  gatherRows,
  oneHot,
  scatterRows,
  takeOfRows,
} from "./movement";
import { adagrad, adam, clipNorm, clipValue, expectFinite, momentum, rmsProp, sgd, sumSquares } from "./optimizers";
import { largest2d, maxPool2d, maxPool2dGradient, spreadAt, takeAt } from "./pooling";
import { logSoftmax, logSoftmaxGradient, reduce, reduceColumns, softmax, softmaxGradient } from "./reduction";
import { summarize } from "./summary";
import { begin, meet, nextOrder } from "./threads";

// @ts-ignore: a decorator of AssemblyScript.
@external("env", "host")
declare function host(step: i32): void;

/** Barriers this thread has passed. */
let passed: i32 = 0;

/**
 * Runs a program as the first of `threads`, each of which has `scratchSize` bytes of scratch. Gives 0, or 1 + the
 * number of the instruction that ended it.
 */
export function run(program: usize, count: i32, threads: i32, scratch: usize, scratchSize: usize): i32 {
  store<i32>(faultAt, 0);
  if (threads > 1) begin(program, count, threads, scratch, scratchSize);
  return execute(program, count, 0, threads, scratch);
}

/** Takes part in runs as the given thread, until an order is for no threads. */
export function serve(thread: i32, generation: i32): void {
  for (;;) {
    generation = nextOrder(generation);
    const threads = load<i32>(orderAt, 8);
    if (threads == 0) return;
    if (thread >= threads) continue;
    const scratch = load<usize>(orderAt, 12) + <usize>thread * load<usize>(orderAt, 16);
    execute(load<usize>(orderAt), load<i32>(orderAt, 4), thread, threads, scratch);
  }
}

/** Ends all other threads. */
export function end(): void {
  begin(0, 0, 0, 0, 0);
}

function execute(program: usize, count: i32, thread: i32, threads: i32, scratch: usize): i32 {
  for (let index = 0; index < count; index++, program += instructionSize) {
    const flags = load<i32>(program, flagsAt);
    const units = load<i32>(program, unitsAt);
    if (flags & serialFlag) {
      if (thread == 0) dispatch(load<i32>(program), program + argumentsAt, 0, units, scratch);
    } else {
      const from = <i32>((<i64>units * thread) / threads);
      const to = <i32>((<i64>units * (thread + 1)) / threads);
      if (from < to) dispatch(load<i32>(program), program + argumentsAt, from, to, scratch);
    }
    if (threads > 1 && flags & barrierFlag) meet(++passed, threads);
    if (flags & faultFlag && load<i32>(faultAt) != 0) return index + 1;
  }
  return 0;
}

/** A kernel gets the address of its arguments, the units [from, to) it is to do, and scratch of its thread alone. */
function dispatch(opcode: i32, p: usize, from: i32, to: i32, scratch: usize): void {
  switch (opcode) {
    case Opcode.host:
      host(load<i32>(p));
      break;
    case Opcode.matmul:
      matmul(p, from, to, scratch);
      break;
    case Opcode.conv2d:
      conv2d(p, from, to, scratch);
      break;
    case Opcode.conv2dInput:
      conv2dInput(p, from, to, scratch);
      break;
    case Opcode.conv2dWeights:
      conv2dWeights(p, from, to, scratch);
      break;
    case Opcode.maxPool2d:
      maxPool2d(p, from, to, scratch);
      break;
    case Opcode.largest2d:
      largest2d(p, from, to, scratch);
      break;
    case Opcode.takeAt:
      takeAt(p, from, to, scratch);
      break;
    case Opcode.spreadAt:
      spreadAt(p, from, to, scratch);
      break;
    case Opcode.maxPool2dGradient:
      maxPool2dGradient(p, from, to, scratch);
      break;
    case Opcode.copy:
      copy(p, from, to, scratch);
      break;
    case Opcode.unary:
      unary(p, from, to, scratch);
      break;
    case Opcode.binary:
      binary(p, from, to, scratch);
      break;
    case Opcode.select:
      selectOf(p, from, to, scratch);
      break;
    case Opcode.transpose:
      transpose(p, from, to, scratch);
      break;
    case Opcode.reduce:
      reduce(p, from, to, scratch);
      break;
    case Opcode.reduceColumns:
      reduceColumns(p, from, to, scratch);
      break;
    case Opcode.softmax:
      softmax(p, from, to, scratch);
      break;
    case Opcode.logSoftmax:
      logSoftmax(p, from, to, scratch);
      break;
    case Opcode.softmaxGradient:
      softmaxGradient(p, from, to, scratch);
      break;
    case Opcode.logSoftmaxGradient:
      logSoftmaxGradient(p, from, to, scratch);
      break;
    case Opcode.concat:
      concat(p, from, to, scratch);
      break;
    case Opcode.embed:
      embed(p, from, to, scratch);
      break;
    case Opcode.oneHot:
      oneHot(p, from, to, scratch);
      break;
    case Opcode.dropoutMask:
      dropoutMask(p, from, to, scratch);
      break;
    case Opcode.gatherRows:
      gatherRows(p, from, to, scratch);
      break;
    case Opcode.scatterRows:
      scatterRows(p, from, to, scratch);
      break;
    case Opcode.takeOfRows:
      takeOfRows(p, from, to, scratch);
      break;
    case Opcode.classGradient:
      classGradient(p, from, to, scratch);
      break;
    case Opcode.expectFinite:
      expectFinite(p, from, to, scratch);
      break;
    case Opcode.clipNorm:
      clipNorm(p, from, to, scratch);
      break;
    case Opcode.clipValue:
      clipValue(p, from, to, scratch);
      break;
    case Opcode.sgd:
      sgd(p, from, to, scratch);
      break;
    case Opcode.rmsProp:
      rmsProp(p, from, to, scratch);
      break;
    case Opcode.adagrad:
      adagrad(p, from, to, scratch);
      break;
    case Opcode.adam:
      adam(p, from, to, scratch);
      break;
    case Opcode.momentum:
      momentum(p, from, to, scratch);
      break;
    case Opcode.sumSquares:
      sumSquares(p, from, to, scratch);
      break;
    case Opcode.summarize:
      summarize(p, from, to, scratch);
      break;
    default:
      unreachable();
  }
}

// Exported so that each stays a function of its own: inlined into `dispatch`, V8 would have to compile all of them before the
// first one runs.
export {
  conv2d,
  conv2dInput,
  conv2dWeights,
  binary,
  copy,
  selectOf,
  transpose,
  unary,
  matmul,
  concat,
  dropoutMask,
  embed,
  gatherRows,
  oneHot,
  scatterRows,
  takeOfRows,
  classGradient,
  adagrad,
  adam,
  clipNorm,
  clipValue,
  expectFinite,
  momentum,
  rmsProp,
  sgd,
  sumSquares,
  largest2d,
  maxPool2d,
  maxPool2dGradient,
  spreadAt,
  takeAt,
  logSoftmax,
  logSoftmaxGradient,
  reduce,
  reduceColumns,
  softmax,
  softmaxGradient,
  summarize,
};
