// Why a gesture is not done. Thrown where it is found, caught where the gesture came in.

/** `message` says where, what, and what to do instead. */
export class Refusal extends Error {}

export function refuse(message: string): never {
  throw new Refusal(message);
}
