"use client";

import { moneyText, type Order, type Pack, useErrorText, useJifen, useTopUp, useWords } from "@jifen/client/react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { OrderPanel } from "./order-panel";

const words = {
  zh: {
    choosePack: "选择积分包",
    bonus: (credits: number, days: number | null) => `另赠 ${credits}${days === null ? "" : `（${days} 天内有效）`}`,
    valid: (days: number) => `${days} 天内有效`,
    chooseWay: "付款方式",
    pay: (price: string) => `支付 ${price}`,
    ordering: "正在下单…",
    notSold: "这个积分包暂时不能购买。",
    nothing: "暂时没有可以购买的积分包，请稍后再来。",
    again: "重新选择",
    done: "完成",
  },
  en: {
    choosePack: "Choose a pack",
    bonus: (credits: number, days: number | null) => `+ ${credits} bonus${days === null ? "" : `, valid ${days} days`}`,
    valid: (days: number) => `valid ${days} days`,
    chooseWay: "How to pay",
    pay: (price: string) => `Pay ${price}`,
    ordering: "Placing the order…",
    notSold: "This pack cannot be bought at the moment.",
    nothing: "No packs can be bought at the moment. Please come back later.",
    again: "Choose again",
    done: "Done",
  },
};

/** Names of ways to pay, by channel, or by channel and method. */
const wayNames: Record<string, { zh: string; en: string }> = {
  stripe: { zh: "银行卡（Stripe）", en: "Card (Stripe)" },
  "alipay qr": { zh: "支付宝扫码", en: "Alipay, QR code" },
  "alipay page": { zh: "支付宝网页", en: "Alipay, website" },
  "alipay wap": { zh: "支付宝手机网页", en: "Alipay, mobile site" },
  wechatpay: { zh: "微信支付扫码", en: "WeChat Pay, QR code" },
  "epay alipay": { zh: "支付宝", en: "Alipay" },
  "epay wxpay": { zh: "微信支付", en: "WeChat Pay" },
  "demo page": { zh: "演示付款", en: "Demo payment" },
  "demo qr": { zh: "演示付款，扫码", en: "Demo payment, QR code" },
};

/** The name of a way to pay. One that is not in the table is named as the server names it. */
export const wayName = (channel: string, method: string, language: "zh" | "en"): string =>
  (wayNames[`${channel} ${method}`] ?? wayNames[channel])?.[language] ?? `${channel} ${method}`;

/** A way to pay for a pack: a channel, one of its methods, and a price in one of its currencies. */
type Way = { channel: string; method: string; price: Pack["prices"][number] };

/** All ways to pay for a pack. Those in yuan are first on Chinese pages, and last on the others. */
function waysOf({ ways }: Pack, language: "zh" | "en"): readonly Way[] {
  const all = ways.flatMap(({ channel, methods, prices }) =>
    methods.flatMap((method) => prices.map((price) => ({ channel, method, price }))),
  );
  const isUsual = ({ price }: Way) => (price.currency === "CNY") === (language === "zh");
  return [...all.filter(isUsual), ...all.filter((way) => !isUsual(way))];
}

const idOf = ({ channel, method, price }: Way): string => `${channel} ${method} ${price.currency}`;

type TopUpPanelProps = {
  /** Where the browser returns to after a payment on the page of a provider. */
  returnUrl?: string;
  /** Called with the placed order, for a site that shows it on a page of its own. The panel shows it if left out. */
  onPlaced?: (order: Order) => void;
  /** Called when the user has seen that the credits arrived. */
  onDone?: () => void;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** Chooses a pack and a way to pay, orders it, and shows the order until it is credited. */
export function TopUpPanel({ returnUrl, onPlaced, onDone, words: changed, className = "" }: TopUpPanelProps) {
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const { packs, isLoading, start, isStarting, order, reset, error, ...state } = useTopUp();
  const [isLeaving, setIsLeaving] = useState(false);
  const isEnded = order !== undefined && ["credited", "closed", "failed"].includes(order.state);

  async function place(pack: Pack, { channel, method, price }: Way): Promise<void> {
    const target = returnUrl === undefined ? {} : { returnUrl };
    const placed = await start({ packId: pack.id, channel, method, currency: price.currency, ...target });
    if (!placed) return;
    // The panel stays busy until the other page is there.
    setIsLeaving(placed.pay?.kind === "redirect" || onPlaced !== undefined);
    if (placed.pay?.kind === "redirect") window.location.assign(placed.pay.text);
    else onPlaced?.(placed);
  }

  if (order && !isLeaving) {
    return (
      <div className={`flex flex-col gap-5 ${className}`}>
        <OrderPanel order={order} state={{ ...state, error }} />
        {isEnded && (
          <button
            type="button"
            onClick={order.state === "credited" && onDone ? onDone : reset}
            className="rounded-lg border border-border px-4 py-2.5 text-sm hover:border-foreground"
          >
            {order.state === "credited" && onDone ? say.done : say.again}
          </button>
        )}
      </div>
    );
  }
  const onSale = packs.filter(({ ways }) => ways.length > 0);
  const [first] = onSale;
  return (
    <div className={className}>
      {first && <Choices {...{ packs, first, say }} isPending={isStarting || isLeaving} onChosen={place} />}
      {!first && <p className="text-sm text-muted-foreground">{isLoading ? "…" : error ? "" : say.nothing}</p>}
      {error && (
        <p role="alert" className="mt-4 text-sm text-destructive">
          {errorText(error)}
        </p>
      )}
    </div>
  );
}

type ChoicesProps = {
  packs: readonly Pack[];
  first: Pack;
  say: typeof words.zh;
  isPending: boolean;
  onChosen: (pack: Pack, way: Way) => Promise<void>;
};

/** The form: a pack, and a way to pay for it. */
function Choices({ packs, first, say, isPending, onChosen }: ChoicesProps) {
  const { language } = useJifen();
  const id = useId();
  const [chosen, setChosen] = useState(first.id);
  const [preferred, setPreferred] = useState<string>();
  const pack = packs.find((each) => each.id === chosen) ?? first;
  const ways = waysOf(pack, language);
  const wayIn = (all: readonly Way[]) => all.find((way) => idOf(way) === preferred) ?? all[0];
  const way = wayIn(ways);
  const priceOf = (each: Pack) => wayIn(waysOf(each, language))?.price ?? each.prices[0];
  const hasOnePrice = new Set(ways.map(({ price }) => moneyText(price))).size === 1;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (way && !isPending) void onChosen(pack, way);
  }

  return (
    <form onSubmit={submit} aria-busy={isPending} className="flex flex-col gap-6 text-card-foreground">
      <fieldset className="flex min-w-0 flex-col gap-3">
        <legend className="mb-3 font-medium">{say.choosePack}</legend>
        {packs.map((each) => (
          <Choice key={each.id} name={`${id}-pack`} isChosen={each === pack} onChoose={() => setChosen(each.id)}>
            <span className="min-w-0 flex-1">
              <span className="block text-lg font-semibold">{each.title}</span>
              <span className="block text-sm text-muted-foreground">
                {each.bonusCredits > 0 && say.bonus(each.bonusCredits, each.bonusValidDays)}
                {each.validDays !== null && ` ${say.valid(each.validDays)}`}
              </span>
            </span>
            <PriceText price={priceOf(each)} />
          </Choice>
        ))}
      </fieldset>
      {way ? (
        <>
          <fieldset className="flex min-w-0 flex-col gap-3">
            <legend className="mb-3 font-medium">{say.chooseWay}</legend>
            {ways.map((each) => (
              <Choice
                key={idOf(each)}
                name={`${id}-way`}
                isChosen={each === way}
                onChoose={() => setPreferred(idOf(each))}
              >
                <span className="min-w-0 flex-1">{wayName(each.channel, each.method, language)}</span>
                {!hasOnePrice && <PriceText price={each.price} />}
              </Choice>
            ))}
          </fieldset>
          <button
            type="submit"
            aria-disabled={isPending}
            className="rounded-lg bg-primary px-4 py-3 font-medium text-primary-foreground aria-disabled:opacity-70"
          >
            {isPending ? say.ordering : say.pay(moneyText(way.price))}
          </button>
        </>
      ) : (
        <p className="text-sm text-muted-foreground">{say.notSold}</p>
      )}
    </form>
  );
}

const PriceText = ({ price }: { price: Pack["prices"][number] | undefined }) => (
  <span className="font-medium whitespace-nowrap tabular-nums">{price && moneyText(price)}</span>
);

type ChoiceProps = { name: string; isChosen: boolean; onChoose: () => void; children: ReactNode };

/** A radio button as a card. */
const Choice = ({ name, isChosen, onChoose, children }: ChoiceProps) => (
  <label className="flex cursor-pointer items-center gap-3 rounded-xl border border-border p-3.5 hover:border-muted-foreground has-checked:border-primary">
    <input type="radio" name={name} checked={isChosen} onChange={onChoose} className="size-4 shrink-0 accent-primary" />
    {children}
  </label>
);
