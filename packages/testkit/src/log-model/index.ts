/** What sums of the call log have to be, computed from every row, without code of the product. */
export { checkSpans, checkSums, type StatsRows, type StatsSpan, timeZones } from "./stats.ts";
