// Where things stand in a machine's memory that both sides must agree on. Read twice: as TypeScript by the host, as
// AssemblyScript by the kernels. Addresses and sizes are in bytes.

/** An instruction is its opcode, units, flags and an unused word, then its arguments: 32-bit words all. */
export const instructionSize = 128;
export const unitsAt = 4;
export const flagsAt = 8;
export const argumentsAt = 16;
export const mostArguments = 28;

/** The first thread does all units of the instruction; the others go on. */
export const serialFlag = 1;
/** All threads wait for each other after the instruction. */
export const barrierFlag = 2;
/** The instruction may write 1 to `faultAt`: then the program ends with it. Always comes with a barrier. */
export const faultFlag = 4;

/** Words that threads share, on cache lines of their own. */
export const generationAt = 64; // Counts runs: a change is the signal to begin.
export const sleepersAt = 128; // How many threads wait for a notification.
export const arrivalsAt = 192; // Counts arrivals at barriers, of all threads together.
export const orderAt = 256; // What to run: address of the program, number of instructions, threads; 0 threads to end.
export const faultAt = 320;

/** Numbers the host writes before a run and instructions read, such as the learning rate. */
export const registersAt = 512;
/** Numbers that kernels keep for themselves, such as coefficients. */
export const constantsAt = 1024;
/** float64s: sums of parts that one instruction leaves for the next, `mostSums` of them. */
export const sumsAt = 4096;
export const mostSums = 256;
export const firstFreeAt = 6144;

/** Numbers of a cache line: the unit in which threads share out flat runs of numbers. */
export const lineNumbers = 16;
/** Bins of a histogram. */
export const histogramBins = 24;
/** float64s of a tensor's summary: seven statistics and the histogram's counts, rounded up to whole cache lines. */
export const summarySize = 32;
