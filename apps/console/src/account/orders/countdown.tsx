import { useEffect, useState } from "react";
import { topUpWords } from "../topup/words.ts";

const SECOND_MS = 1_000;
const SECONDS_PER_MINUTE = 60;

const format = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  return `${Math.floor(seconds / SECONDS_PER_MINUTE)}:${String(seconds % SECONDS_PER_MINUTE).padStart(2, "0")}`;
};

/** How long the order can still be paid. Screen readers do not hear each second. */
export function Countdown({ until }: { readonly until: string }) {
  const words = topUpWords.useWords();
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="timer" className="text-center text-muted">
      {words.timeLeft(format(new Date(until).getTime() - nowMs))}
    </p>
  );
}
