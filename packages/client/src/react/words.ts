import type { Language } from "@jifen/contract";
import { useSyncExternalStore } from "react";
import { useJifenState } from "./provider.tsx";

/** The texts of a component in the language of the provider, with those of the site in place of some. */
export function useWords<Words extends object>(
  all: Readonly<Record<Language, Words>>,
  changed: Partial<Words> = {},
): Words {
  return { ...all[useJifenState().language], ...changed };
}

const never = () => () => undefined;

/** Formats times in the time zone of the browser. The server, which does not know it, renders UTC. */
export function useTimeText(): (iso: string, parts?: "date" | "time" | "both") => string {
  const { language } = useJifenState();
  const timeZone = useSyncExternalStore(
    never,
    () => undefined,
    () => "UTC",
  );
  return (iso, parts = "both") =>
    new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en", {
      ...(parts !== "time" && { dateStyle: "medium" }),
      ...(parts !== "date" && { timeStyle: "short" }),
      ...(timeZone && { timeZone }),
    }).format(new Date(iso));
}

/** Currencies that people know by a sign; the others are named by their code. */
const signs: Readonly<Record<string, string>> = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$" };

/** An amount for people: `¥9.90`, `12.00 CHF`. The digits are those of the response. */
export function moneyText({ currency, text }: { readonly currency: string; readonly text: string }): string {
  const sign = signs[currency];
  return sign === undefined ? `${text} ${currency}` : `${sign}${text}`;
}
