import type { Wording } from "@jifen/contract";
import { z } from "zod";

/** Units of a duration. */
export const DURATION_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A whole number in this range. */
export const zWholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** A duration; the parsed value is in seconds. */
export const zDuration = z
  .string()
  .regex(/^[1-9]\d{0,8}[smhd]?$/, "must be a time such as 900s, 12h or 7d")
  .transform(
    (text) =>
      Number.parseInt(text, 10) *
      DURATION_SECONDS[(text.at(-1)?.replace(/\d/, "s") ?? "s") as keyof typeof DURATION_SECONDS],
  );

/** `on` or `off`; `true` and `false` are accepted too. */
export const zSwitch = z
  .enum(["on", "off", "true", "false"], "must be on or off")
  .transform((text) => text === "on" || text === "true");

/** Whether the text of a `zSwitch` is on. */
export const isOn = (text: string | undefined): boolean => text === "on" || text === "true";

/** A text that is the same in both languages: a value, a format, an address. */
export const same = (text: string): Wording => ({ en: text, zh: text });

/** The names of forms that several modules use. */
export const forms = {
  wholeNumber: (min: number, max: number): Wording => ({
    en: `whole number, ${min} to ${max}`,
    zh: `整数，${min} 到 ${max}`,
  }),
  duration: { en: "duration: 900s, 15m, 12h or 7d", zh: "时长：900s、15m、12h 或 7d" },
  text: { en: "text", zh: "文本" },
  url: { en: "URL", zh: "URL" },
  switch: same("on, off"),
} as const satisfies Record<string, Wording | ((min: number, max: number) => Wording)>;
