import type { Wording } from "@jifen/contract";

/** What the doctor found out about one thing. */
export type Finding = {
  /** What was looked at, such as `database`. */
  readonly about: string;
  /** `warning`: it works, but somebody should know; `wrong`: it does not work, or not safely. */
  readonly state: "fine" | "warning" | "wrong";
  /** What is the case. */
  readonly says: Wording;
  /** What to do about it; undefined where nothing has to be done. */
  readonly remedy?: Wording | undefined;
};

/** Text that is the same in every language: a command, a version, what a driver says. */
const worded = (text: Wording | string): Wording => (typeof text === "string" ? { en: text, zh: text } : text);

const at =
  (state: Finding["state"]) =>
  (about: string, says: Wording | string, mend?: Wording | string): Finding => ({
    about,
    state,
    says: worded(says),
    ...(mend !== undefined && { remedy: worded(mend) }),
  });

export const [fine, warning, wrong] = [at("fine"), at("warning"), at("wrong")];
