import { uiWords } from "../words/ui.ts";

/** The first link of a page: the keyboard goes past the navigation to `#content`. */
export const SkipLink = () => (
  <a
    href="#content"
    className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-20 focus:bg-card focus:p-2"
  >
    {uiWords.useWords().skip}
  </a>
);
