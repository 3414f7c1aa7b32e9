import { isJifenError, type JifenError } from "@jifen/client";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { basePath } from "../../base.ts";
import { jifen } from "../../jifen.ts";
import { ActForm } from "../../ui/act-form.tsx";
import { issuesOf } from "../../ui/form-errors.ts";
import { formatMoney, formatNumber } from "../../ui/format.ts";
import { Choice } from "./choice.tsx";
import { PackFacts } from "./pack-facts.tsx";
import { openPayPage } from "./pay-page.ts";
import { type Pack, type Way, wayKey, wayName, waysOf } from "./ways.ts";
import { topUpWords } from "./words.ts";

type Texts = ReturnType<typeof topUpWords.useWords>;

/** Chooses a pack and a way to pay, and orders it once. */
export function OrderForm({ packs }: { readonly packs: readonly [Pack, ...Pack[]] }) {
  const words = topUpWords.useWords();
  const navigate = useNavigate();
  const [packId, setPackId] = useState(packs[0].id);
  const [preferred, setPreferred] = useState<string>();
  const pack = packs.find(({ id }) => id === packId) ?? packs[0];
  const wayOf = (each: Pack): Way | undefined => {
    const ways = waysOf(each);
    return ways.find((way) => wayKey(way) === preferred) ?? ways[0];
  };
  const way = wayOf(pack);
  const perform = async (values: FormData, idempotencyKey: string) => {
    const text = (name: string) => String(values.get(name));
    const { orderId, pay } = await jifen.orders.create.mutate({
      ...{ packId: text("packId"), channel: text("channel"), method: text("method"), currency: text("currency") },
      returnUrl: new URL(`${basePath}account/orders`, location.href).href,
      idempotencyKey,
    });
    // Back from the provider leads to the order, which knows whether it is paid.
    await navigate({ to: "/account/topup/$orderId", params: { orderId } });
    if (pay?.kind === "redirect") openPayPage(pay.text);
  };
  return (
    <div className="max-w-xl">
      <ActForm
        act="order"
        submit={way ? words.pay(formatMoney(way.price.minor, way.price.currency)) : words.title}
        isDisabled={!way}
        perform={perform}
        onDone={() => undefined}
        explain={(error) => explainRefusal(error, words)}
      >
        {way &&
          Object.entries({
            packId: pack.id,
            channel: way.channel,
            method: way.method,
            currency: way.price.currency,
          }).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <fieldset className="grid gap-2">
          <legend className="mb-2 font-medium">{words.choosePack}</legend>
          {packs.map((each) => (
            <Choice
              key={each.id}
              name="pack"
              value={each.id}
              isChosen={each.id === pack.id}
              onChoose={() => setPackId(each.id)}
            >
              <PackFacts pack={each} price={wayOf(each)?.price ?? each.prices[0]} />
            </Choice>
          ))}
        </fieldset>
        {way ? (
          <>
            <Ways pack={pack} chosen={way} onChoose={setPreferred} />
            <p className="text-muted" aria-live="polite">
              {words.summary(
                formatNumber(pack.credits + pack.bonusCredits),
                formatMoney(way.price.minor, way.price.currency),
                wayName(way, words),
              )}
            </p>
          </>
        ) : (
          <p className="text-muted">{words.notSold}</p>
        )}
      </ActForm>
    </div>
  );
}

type WaysProps = { readonly pack: Pack; readonly chosen: Way; readonly onChoose: (key: string) => void };

/** The ways to pay for a pack, with their prices where these differ. */
function Ways({ pack, chosen, onChoose }: WaysProps) {
  const words = topUpWords.useWords();
  const ways = waysOf(pack);
  const hasOnePrice = new Set(ways.map(({ price }) => formatMoney(price.minor, price.currency))).size === 1;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 font-medium">{words.chooseWay}</legend>
      {ways.map((way) => (
        <Choice
          key={wayKey(way)}
          name="way"
          value={wayKey(way)}
          isChosen={wayKey(way) === wayKey(chosen)}
          onChoose={() => onChoose(wayKey(way))}
        >
          <span>{wayName(way, words)}</span>
          {!hasOnePrice && <span className="text-muted">{formatMoney(way.price.minor, way.price.currency)}</span>}
        </Choice>
      ))}
    </fieldset>
  );
}

/** What a refusal means to the person who orders. */
function explainRefusal(error: JifenError, words: Texts): string | undefined {
  if (isJifenError(error, "GATEWAY_UNAVAILABLE")) return words.noAnswer;
  if (isJifenError(error, "ORDER_LIMIT")) return words.tooManyOrders(formatNumber(error.details.limit));
  if (isJifenError(error, "ALREADY_BOUGHT")) return words.bought(formatNumber(error.details.limit));
  const hasChanged = ["CHANNEL_OFF", "PACK_NOT_FOUND", "CURRENCY_NOT_SOLD"].includes(error.code);
  return hasChanged ? words.changed : issuesOf(error)[0]?.message;
}
