// Hands the model's way of thinning to the host, which imports language and protocol only.

export { EvenlySpread } from "../../engine/model/evenly-spread";
