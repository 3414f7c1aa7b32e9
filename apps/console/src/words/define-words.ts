import { use } from "react";
import { language } from "../language.ts";

type WordsFile<Words> = { readonly words: Words };

/** The texts of a noun in both languages, of which one is loaded. */
export type Words<Texts> = {
  /** Starts loading them; a route does this together with its page. */
  readonly load: () => Promise<Texts>;
  /** The texts, for a component. Suspends until they are loaded. */
  readonly useWords: () => Texts;
};

/** The English file is typed by the Chinese one: a sentence that is missing does not compile. */
export function defineWords<Texts>(files: {
  readonly zh: () => Promise<WordsFile<Texts>>;
  readonly en: () => Promise<WordsFile<Texts>>;
}): Words<Texts> {
  let loading: Promise<Texts> | undefined;
  let loaded: Texts | undefined;
  const load = () => {
    loading ??= files[language]().then(({ words }) => {
      loaded = words;
      return words;
    });
    return loading;
  };
  // React suspends at its first use of a promise, even of a settled one: the page would be hidden and lose the focus.
  return { load, useWords: () => loaded ?? use(load()) };
}
