"use client";

import { type Shortage, useWords } from "@jifen/client/react";
import { TopUpDialog } from "./top-up-dialog";

const words = {
  zh: {
    title: "积分不足",
    missing: ({ balance, required, missing }: Shortage) =>
      `需要 ${required} 积分，余额 ${balance} 积分，还差 ${missing} 积分。`,
  },
  en: {
    title: "Not enough credits",
    missing: ({ balance, required, missing }: Shortage) =>
      `${required} credits are required. Your balance is ${balance}: ${missing} credits are missing.`,
  },
};

type PaywallProps = {
  /** The `shortage` of a charge; undefined closes the dialog. */
  shortage: Shortage | undefined;
  onClose: () => void;
  returnUrl?: string;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** Says how many credits are missing, and sells them. */
export function Paywall({ shortage, onClose, returnUrl, words: changed, className = "" }: PaywallProps) {
  const say = useWords(words, changed);
  return (
    <TopUpDialog
      open={shortage !== undefined}
      onOpenChange={(open) => open || onClose()}
      words={{ title: say.title }}
      className={className}
      {...(returnUrl !== undefined && { returnUrl })}
    >
      {shortage && <p className="mb-4 text-sm text-pretty">{say.missing(shortage)}</p>}
    </TopUpDialog>
  );
}
