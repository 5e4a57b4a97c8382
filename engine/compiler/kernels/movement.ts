// Kernels that move numbers, and random masks. AssemblyScript.

export function concat(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function embed(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function oneHot(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function dropoutMask(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}
