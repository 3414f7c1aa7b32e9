/** A number of decimal digits; NaN, which every schema refuses, for any other text that `Number` would accept (`0x10`, `1e3`, ``). */
export const wholeNumber = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN);
