import type { Wording } from "@jifen/contract";

/** What the doctor found about one part of the installation. */
export type Finding = {
  /** The part, such as `database`. */
  readonly about: string;
  /** `warning`: it works, but an operator should know about it; `error`: it does not work, or is not safe. */
  readonly state: "ok" | "warning" | "error";
  readonly message: Wording;
  /** How to correct it; undefined where nothing has to be done. */
  readonly remedy?: Wording | undefined;
};

/** A text that is the same in both languages: a command, a version, an error of a driver. */
const toWording = (text: Wording | string): Wording => (typeof text === "string" ? { en: text, zh: text } : text);

const findingWith =
  (state: Finding["state"]) =>
  (about: string, message: Wording | string, remedy?: Wording | string): Finding => ({
    about,
    state,
    message: toWording(message),
    ...(remedy !== undefined && { remedy: toWording(remedy) }),
  });

/** Creates a finding of the state that the function is named after. */
export const [okFinding, warning, failure] = [findingWith("ok"), findingWith("warning"), findingWith("error")];
