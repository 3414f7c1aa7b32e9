import type { words as zh } from "../zh/usage.ts";

export const words: typeof zh = {
  title: "Usage",
  period: "Period",
  periods: { week: "Last 7 days", month: "Last 30 days", quarter: "Last 90 days", year: "Last 12 months" },
  spent: "Spent",
  summaryDays: (total, most, at) => `${total} credits. The most on one day was ${most}, on ${at}.`,
  summaryMonths: (total, most, at) => `${total} credits. The most in one month was ${most}, in ${at}.`,
  byAction: "What for",
  action: "What for",
  others: "Others",
  share: "Share",
  showTable: "Show as table",
  day: "Day",
  month: "Month",
  credits: "Credits",
  now: "Now",
  none: "Nothing was spent in this period.",
  longer: "Show the last 12 months",
  never: "Nothing was spent in the last 12 months. When you spend credits, this page shows what for.",
};
