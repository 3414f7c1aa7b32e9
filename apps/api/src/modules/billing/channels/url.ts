import { z } from "zod";

/** An address of a provider: https, or http for tests. */
export const zUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "must be a URL with https://");
