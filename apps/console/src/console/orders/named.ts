import type { OrdersTexts } from "./words.ts";

type Names = Readonly<Record<string, string>>;

/** A word of the server in the language of the page; a word that the page does not know stays as it is. */
const named = (names: Names, word: string): string => (Object.hasOwn(names, word) ? (names[word] ?? word) : word);

/** The name of a payment channel. */
export const channelName = (words: OrdersTexts, channel: string): string => named(words.channels, channel);

/** Why a payment waits for a decision, or why a refund is stuck. */
export const reasonText = (words: OrdersTexts, reason: string): string => named(words.reasons, reason);

/** From where the server knows an event or a payment. */
export const sourceName = (words: OrdersTexts, source: string): string => named(words.sources, source);

/** What happened. Events of reversals begin with their kind, such as `refund: credits taken`. */
export function eventName(words: OrdersTexts, what: string): string {
  const [, kind, event] = /^(refund|outside|dispute): (.+)$/.exec(what) ?? [];
  if (kind === undefined || event === undefined) return named(words.events, what);
  return words.ofReversal(named(words.reversalKinds, kind), named(words.reversalEvents, event));
}
