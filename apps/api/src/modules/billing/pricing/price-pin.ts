import { PRICE_MEMBER } from "@jifen/contract";
import { z } from "zod";

/** How a command was priced. It is stored with the command, so that a retry and a capture have the same price. */
export type PricePin = {
  /** The version of the catalogue. */
  readonly v: number;
  /** Every parameter with its value. */
  readonly p: Readonly<Record<string, string>>;
  /** The price group. */
  readonly g: string;
  /** The product of the multipliers, as a decimal. */
  readonly f: string;
  /** What was really used, at a capture. */
  readonly s?: Readonly<Record<string, string>> | undefined;
};

const zTexts = z.record(z.string(), z.string());

const zPin = z.object({
  v: z.int().min(1).max(999_999_999),
  p: zTexts,
  g: z.string(),
  f: z.string().regex(/^\d{1,9}(?:\.\d{1,24})?$/),
  s: zTexts.optional(),
});

/** Metadata with the price of the command. */
export const withPin = (metadata: Readonly<Record<string, unknown>> | undefined, pin: PricePin) => ({
  ...metadata,
  [PRICE_MEMBER]: pin,
});

/** The price in stored metadata; undefined for a command whose amount the caller named. */
export function pinIn(metadata: Readonly<Record<string, unknown>> | null): PricePin | undefined {
  // Callers of earlier versions could send a member of this name.
  const parsed = zPin.safeParse(metadata?.[PRICE_MEMBER]);
  return parsed.success ? parsed.data : undefined;
}

/** Metadata as the caller sent it, without the price. */
export function withoutPin(metadata: Readonly<Record<string, unknown>> | null) {
  const { [PRICE_MEMBER]: _, ...rest } = metadata ?? {};
  return rest;
}
