// What happens to gradients and weights after the backward pass. AssemblyScript.

export function expectFinite(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function clipNorm(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function clipValue(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function sgd(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function rmsProp(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function adagrad(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function adam(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}
