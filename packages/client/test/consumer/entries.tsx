// Code of a project outside this workspace that uses every entry point: it must compile and be bundled.
import {
  createJifenClient,
  createLogBuffer,
  eachLog,
  isJifenError,
  type JifenClient,
  type JifenInputs,
  type JifenOutputs,
  type LiveEvent,
  refusals,
} from "@jifen/client";
import { authJsToken } from "@jifen/client/authjs";
import { JifenProvider, useBalance, useChargedAction } from "@jifen/client/react";
import { createJifenHandler, type JifenResult, placeHold, settle } from "@jifen/client/server";

const url = "https://credits.example.com";
const jifen: JifenClient = createJifenClient({ url, token: authJsToken("authjs.session-token=t") });
export const handle = createJifenHandler({ url, identify: async () => null });
export const logs = createLogBuffer(jifen);
export const input: JifenInputs["credits"]["consume"] = { amount: 5, action: "video" };
export const status: number = refusals.INSUFFICIENT_CREDITS.status;

type Wanted = { readonly prompt: string; readonly idempotencyKey: string };

export async function generate({ prompt, idempotencyKey }: Wanted): Promise<JifenResult<string>> {
  return settle(async () => {
    await placeHold(jifen, { amount: 5, action: "video", ttlSeconds: 60, idempotencyKey });
    return prompt;
  });
}

const kindOf = (event: LiveEvent) => event.kind;

export async function read(): Promise<JifenOutputs["credits"]["balance"] | number> {
  try {
    for await (const log of eachLog(jifen, {})) if (log.charge) return log.charge.amount;
    for await (const event of jifen.live.events()) if (kindOf(event) === "balance") break;
    return await jifen.credits.balance.query();
  } catch (error) {
    if (isJifenError(error, "INSUFFICIENT_CREDITS")) return error.details.required;
    throw error;
  }
}

function Balance() {
  const { balance } = useBalance();
  const charge = useChargedAction(generate, "generate");
  return (
    <button type="button" onClick={() => charge.run({ prompt: "a cat" })}>
      {balance}
    </button>
  );
}

export const page = (
  <JifenProvider userId="user@example.com">
    <Balance />
  </JifenProvider>
);
