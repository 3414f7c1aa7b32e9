import type { words as zh } from "../zh/redeem.ts";

export const words: typeof zh = {
  title: "Redeem a code",
  code: "Code",
  hint: "20 characters, in upper or lower case. Hyphens and spaces can be left out.",
  submit: "Redeem",
  credits: (credits) => `You received ${credits} credits`,
  until: (day) => `Valid until ${day}`,
  forever: "They never expire",
  balance: (credits) => `${credits} credits available`,
  entry: "See the entry",
  again: "Redeem another code",
  notValid:
    "This code cannot be redeemed. Check it for typing errors. It can also be used up, ended, or out of its time.",
  codeLimit: (limit) => `Each user can redeem ${limit} of these codes, and you already have.`,
  ownAccount: "Staff cannot redeem codes for their own account. Ask another member of staff.",
  balanceLimit: (limit) => `Your account can have at most ${limit} credits. Spend some first; the code stays valid.`,
  tooMany: (minutes) =>
    minutes === "1" ? "Too many tries. Try again in a minute." : `Too many tries. Try again in ${minutes} minutes.`,
};
