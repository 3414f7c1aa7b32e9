import { writeCookie } from "./cookies.ts";

/** Whether the page is dark now, by choice or by the system. */
const isDark = (): boolean =>
  document.documentElement.dataset["theme"] === "dark" ||
  (document.documentElement.dataset["theme"] === undefined && matchMedia("(prefers-color-scheme: dark)").matches);

/** Switches between light and dark, and keeps the choice. */
export function switchTheme(): void {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset["theme"] = theme;
  writeCookie("jifen_theme", theme);
}
