import { defineWords } from "./define-words.ts";

/** The texts of a server that has no admin yet. */
export const gateWords = defineWords({ zh: () => import("./zh/gate.ts"), en: () => import("./en/gate.ts") });
