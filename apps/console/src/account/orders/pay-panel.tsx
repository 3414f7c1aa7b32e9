import { isJifenError, type JifenError } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { queryClient } from "../../query-client.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { useAct } from "../../use-act.ts";
import { canBeOpened } from "../topup/pay-page.ts";
import { topUpWords } from "../topup/words.ts";
import { Countdown } from "./countdown.tsx";
import { type Order, phaseOf } from "./order-phase.tsx";
import { QrCode } from "./qr-code.tsx";
import { orderKey } from "./use-order.ts";

type Pay = NonNullable<Order["pay"]>;
type PayPanelProps = { readonly order: Order; readonly pay: Pay };

/** How the order is paid: a code to scan or a page to open; and what else can be done. */
export function PayPanel({ order: { orderId, expiresAt }, pay }: PayPanelProps) {
  return (
    <div className="grid gap-4">
      <PayBy pay={pay} />
      <Countdown until={expiresAt} />
      <OrderActs orderId={orderId} />
    </div>
  );
}

function PayBy({ pay: { kind, text } }: { readonly pay: Pay }) {
  const words = topUpWords.useWords();
  const isQr = kind === "qr";
  return (
    <>
      {isQr && (
        <div className="grid justify-items-center gap-2">
          <p>{words.scan}</p>
          <QrCode text={text} label={words.qr} />
        </div>
      )}
      {canBeOpened(text) && (
        <a
          href={text}
          className={`flex min-h-11 items-center justify-center rounded-md px-3 font-medium no-underline ${
            isQr ? "border border-line-strong/60 hover:bg-sunken" : "bg-brand text-on-brand hover:bg-brand-strong"
          }`}
        >
          {words.openPage}
        </a>
      )}
    </>
  );
}

/** Asks the provider, or cancels the order. */
function OrderActs({ orderId }: { readonly orderId: string }) {
  const words = topUpWords.useWords();
  const [news, setNews] = useState<string>();
  const show = (found: Order, unchanged: string) => {
    queryClient.setQueryData(orderKey(orderId), found);
    setNews(phaseOf(found) === "waiting" ? unchanged : undefined);
  };
  const check = useAct(async () => show(await jifen.orders.check.mutate({ orderId }), words.notYet));
  const cancel = useAct(async () => show(await jifen.orders.cancel.mutate({ orderId }), words.cannotCancel));
  const error = check.error ?? cancel.error;
  return (
    <div className="grid gap-2">
      {error ? (
        <ErrorNotice error={error} text={explainRefusal(error, words)} />
      ) : (
        news !== undefined && <Notice kind="plain">{news}</Notice>
      )}
      <Button isBusy={check.isPending} onClick={() => void check.run()}>
        {words.check}
      </Button>
      <Button look="quiet" isBusy={cancel.isPending} onClick={() => void cancel.run()}>
        {words.cancel}
      </Button>
    </div>
  );
}

const explainRefusal = (error: JifenError, words: ReturnType<typeof topUpWords.useWords>): string | undefined =>
  isJifenError(error, "GATEWAY_UNAVAILABLE") ? words.noAnswer : undefined;
