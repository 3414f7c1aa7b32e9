import type { Language } from "@jifen/contract";
import type { View } from "../modules/identity/pages/preferences.ts";
import type { Area } from "./manifest.ts";

/** For whom the index page is finished. */
export type PageVariant = View & { readonly area: Area };

const titles: Readonly<Record<Area, Readonly<Record<Language, string>>>> = {
  console: { zh: "控制台 · Jifen 积分", en: "Console · Jifen" },
  account: { zh: "我的账户 · Jifen 积分", en: "My account · Jifen" },
};

/** What the page of the build is finished at. */
const places = {
  html: /<html lang="[^"]*">/,
  base: /<base href="[^"]*"\s*\/?>/,
  title: /<title>[^<]*<\/title>/,
  head: /<\/head>/,
};

/** Whether the page of a build has every place at which it is finished. */
export const isComplete = (page: string): boolean => Object.values(places).every((place) => place.test(page));

/** Where a page lies, and what it needs. */
type PageParts = PageVariant & {
  /** The path of this server for browsers, without a trailing slash: empty, or such as `/jifen`. */
  readonly prefix: string;
  /** Scripts to fetch while the entry is fetched, relative to the base. */
  readonly scripts: readonly string[];
};

/** Finishes the index page of the build for one area, language and theme. */
export function indexPage(page: string, { area, language, theme, prefix, scripts }: PageParts): string {
  const lang = language === "en" ? "en" : "zh-CN";
  const chosen = theme === undefined ? "" : ` data-theme="${theme}"`;
  // As Vite writes such links: a script is fetched twice when the two ways to request it differ.
  const preloads = scripts.map((file) => `  <link rel="modulepreload" crossorigin href="${attribute(file)}">\n  `);
  return page
    .replace(places.html, () => `<html lang="${lang}"${chosen}>`)
    .replace(places.base, () => `<base href="${attribute(prefix)}/">`)
    .replace(places.title, () => `<title>${titles[area][language]}</title>`)
    .replace(places.head, () => `${preloads.join("")}</head>`);
}

const attribute = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
