// Kernels that make many elements one, and softmax. AssemblyScript.

export function reduce(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function softmax(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function logSoftmax(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function softmaxGradient(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function logSoftmaxGradient(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}
