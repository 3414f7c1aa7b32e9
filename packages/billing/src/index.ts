export * from "./catalogue.ts";
export { checkCatalogue } from "./checks/check-catalogue.ts";
export type { Problem, ProblemCode } from "./checks/problem.ts";
export { CODE_BYTES, makeCode, readCode } from "./code.ts";
export { type CatalogueDiff, type Changes, diffCatalogues } from "./diff-catalogues.ts";
export { type Factor, factorOf, factorText, parseFactor } from "./factor.ts";
export * from "./gateway.ts";
export * from "./money.ts";
export * from "./order.ts";
export { type GivenParams, type ParamsNotPriced, type ResolvedParams, resolveParams, withUsage } from "./params.ts";
export * from "./payment.ts";
export {
  type ActionNotPriced,
  findAction,
  type Price,
  type PriceLine,
  type PriceTooHigh,
  priceOf,
  priceWith,
} from "./price.ts";
export * from "./proportion.ts";
export * from "./reversal.ts";
export * from "./schedule.ts";
