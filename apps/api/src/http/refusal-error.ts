import type { Refusal } from "@jifen/contract";

/** Carries a refusal through libraries that only know exceptions (tRPC, Hono). */
export class RefusalError extends Error {
  override name = "RefusalError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}
