/** The reversal that a number of a refund belongs to, by its form; null when it was made elsewhere. */
export const reversalIdOf = (refundNumber: string): string | null =>
  /^[0-9a-f]{32}$/.test(refundNumber) ? refundNumber : null;
