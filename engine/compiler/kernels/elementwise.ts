// Kernels that compute each element from the elements at its place. AssemblyScript.

export function copy(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function unary(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function binary(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function selectOf(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}
