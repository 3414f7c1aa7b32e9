import { median } from "./statistics.ts";

/** What a ratio has to be. */
type Target = { readonly must: "at least" | "at most" | "under"; readonly limit: number };

/** A sentence that the run decides. */
export type Claim = {
  readonly part: string;
  /** What is measured, such as "1,024 callers, one account: consumes per second". */
  readonly says: string;
  /** What it is a multiple or a share of. */
  readonly baseline: string;
  readonly target: Target;
  /** One ratio for each round. */
  readonly ratios: number[];
};

/** Whether the target was reached; "not measured" where the baseline is missing. */
export type Verdict = "yes" | "no" | "not measured";

/** The median of the rounds, to two digits: what the table shows is what is compared. */
export const reached = ({ ratios }: Claim): number => Math.round(median(ratios) * 100) / 100;

/** Compares what was reached with the target. */
export function verdictOn(claim: Claim): Verdict {
  const value = reached(claim);
  if (!Number.isFinite(value)) return "not measured";
  const { must, limit } = claim.target;
  switch (must) {
    case "at least":
      return value >= limit ? "yes" : "no";
    case "at most":
      return value <= limit ? "yes" : "no";
    case "under":
      return value < limit ? "yes" : "no";
    default:
      return must satisfies never;
  }
}
