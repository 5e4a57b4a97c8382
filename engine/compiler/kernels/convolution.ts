// Convolutions and pooling of images, channels first. AssemblyScript.

export function conv2d(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function conv2dInput(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function conv2dWeights(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function maxPool2d(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function largest2d(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function takeAt(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}

export function spreadAt(p: usize, from: i32, to: i32, scratch: usize): void {
  unreachable();
}
