/** What the doctor found out about one thing. */
export type Finding = {
  /** What was looked at, such as `database`. */
  readonly about: string;
  /** `warning`: it works, but somebody should know; `wrong`: it does not work, or not safely. */
  readonly state: "fine" | "warning" | "wrong";
  /** What is the case, in both languages. */
  readonly says: string;
  /** What to do about it, in both languages; undefined where nothing has to be done. */
  readonly mend?: string | undefined;
};

const at =
  (state: Finding["state"]) =>
  (about: string, says: string, mend?: string): Finding => ({ about, state, says, mend });

export const [fine, warning, wrong] = [at("fine"), at("warning"), at("wrong")];
