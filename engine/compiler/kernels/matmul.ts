// Matrix products. AssemblyScript.

export function matmul(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}
