import type { words as zh } from "../zh/holds.ts";

export const words: typeof zh = {
  title: "Open holds",
  what: "Oldest first. A hold that expires is released by itself; one whose job failed can be released here.",
  older: "Older than",
  everyAge: "Every age",
  hour: "One hour",
  day: "One day",
  user: "User",
  age: "Age",
  acts: "Acts",
  release: "Release",
  releaseTitle: (amount) => `Release the hold of ${amount} credits`,
  releaseText: (user) => `All of its credits return to ${user}. If the job still runs, its capture will be refused.`,
  released: (amount) => `Released ${amount} credits`,
  none: "There are no open holds. All is well.",
};
