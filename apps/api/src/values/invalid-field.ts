import { bilingual, type Refusal, type Wording } from "@jifen/contract";
import { refuse } from "@jifen/core";

/** Refuses one field of a valid input, which a schema alone cannot check. */
export const invalidField = (path: string, wording: Wording) =>
  refuse<Refusal<"VALIDATION_FAILED">>({ code: "VALIDATION_FAILED", issues: [{ path, message: bilingual(wording) }] });

/** A range that ends where it begins, or before. */
export const emptyRange = () => invalidField("to", { zh: "必须晚于 from", en: "must be later than from" });
