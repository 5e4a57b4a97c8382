// Hands the model's notion of meaning to the host, which imports language and protocol only.

export { meaningOf } from "../../engine/model/meaning";
