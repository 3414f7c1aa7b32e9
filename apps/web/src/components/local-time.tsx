"use client";

import type { Language } from "@jifen/client";
import { useSyncExternalStore } from "react";
import { htmlLanguage } from "../lib/wording.ts";

type LocalTimeProps = {
  readonly language: Language;
  /** ISO 8601. */
  readonly iso: string;
  readonly only?: "time";
};

const never = () => () => undefined;

/** A time in the time zone of the browser. The server, which does not know it, renders UTC. */
export function LocalTime({ language, iso, only }: LocalTimeProps) {
  const text = (timeZone?: string) =>
    new Intl.DateTimeFormat(htmlLanguage(language), {
      ...(only === undefined && { dateStyle: "medium" }),
      timeStyle: "short",
      ...(timeZone !== undefined && { timeZone }),
    }).format(new Date(iso));
  const shown = useSyncExternalStore(
    never,
    () => text(),
    () => text("UTC"),
  );
  return (
    <time dateTime={iso} className="tabular-nums">
      {shown}
    </time>
  );
}
