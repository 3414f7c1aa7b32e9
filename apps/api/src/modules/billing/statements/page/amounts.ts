import type { Language } from "@jifen/contract";

const formats = { zh: new Intl.NumberFormat("zh-CN"), en: new Intl.NumberFormat("en-US") } as const;

/** A number with separators: `1,540`. */
export const plain = (amount: number, language: Language): string => formats[language].format(amount);

/** A change with its sign: `+500`, `−740` with a real minus sign, `0`. */
export function signed(amount: number, language: Language): string {
  const size = plain(Math.abs(amount), language);
  if (amount === 0) return size;
  return amount > 0 ? `+${size}` : `−${size}`;
}
