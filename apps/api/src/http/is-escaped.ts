const BACKSLASH = 0x5c;

/** Whether an odd number of backslashes stands before a character: it is part of the quoted text, not its end. */
export function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (index - first) % 2 === 1;
}
