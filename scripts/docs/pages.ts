import { apiPage } from "./api.ts";
import { cliPage } from "./cli.ts";
import { configurationPage } from "./configuration.ts";
import { errorsPage } from "./errors.ts";
import type { Language, Page } from "./markdown.ts";

const languages: readonly Language[] = ["en", "zh"];

/** Every generated page. */
export const generatePages = (): readonly Page[] =>
  languages.flatMap((language) => [
    apiPage(language),
    errorsPage(language),
    configurationPage(language),
    cliPage(language),
  ]);
