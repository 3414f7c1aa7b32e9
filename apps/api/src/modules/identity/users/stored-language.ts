import { type Language, languages } from "@jifen/contract";
import type { User } from "@jifen/database";

/** The language that a user has chosen; undefined for none, and for one that this version does not have. */
export const chosenLanguageOf = ({ language }: Pick<User, "language">): Language | undefined =>
  languages.find((each) => each === language);
