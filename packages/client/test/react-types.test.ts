import { describe, expectTypeOf, test } from "vitest";
import type { JifenError, JifenInputs, JifenOutputs } from "../src/index.ts";
import type * as hooks from "../src/react.ts";
import type { createJifenHandler, JifenResult, settle } from "../src/server.ts";

type Hooks = typeof hooks;

describe("the signatures of the hooks", () => {
  test("useBalance has numbers that may be unknown", () => {
    expectTypeOf<ReturnType<Hooks["useBalance"]>>().toMatchTypeOf<{
      balance: number | undefined;
      held: number | undefined;
      expiring: { amount: number; expiresAt: string } | null | undefined;
      canAfford(amount: number): boolean | undefined;
      isLoading: boolean;
      error: JifenError | null;
      refresh(): void;
    }>();
  });

  test("useConsume takes what credits.consume takes, and returns what it returns", () => {
    type Consume = ReturnType<Hooks["useConsume"]>;
    expectTypeOf<Parameters<Consume["run"]>>().toEqualTypeOf<[JifenInputs["credits"]["consume"]]>();
    expectTypeOf<Consume["value"]>().toEqualTypeOf<JifenOutputs["credits"]["consume"] | undefined>();
    expectTypeOf<Consume["shortage"]>().toMatchTypeOf<
      { balance: number; required: number; missing: number } | undefined
    >();
  });

  test("useChargedAction takes a server action with the key of the press, and its input without it", () => {
    type Action = (input: { prompt: string; idempotencyKey: string }) => Promise<JifenResult<{ url: string }>>;
    const charge = {} as hooks.Charge<{ prompt: string }, { url: string }>;
    const use = (useChargedAction: Hooks["useChargedAction"], action: Action) => useChargedAction(action, "generate");
    expectTypeOf(use).returns.toEqualTypeOf(charge);
  });

  test("useChargedAction keeps the members of a union in the input of its action", () => {
    type Wanted = { kind: "song"; bars: number } | { kind: "video"; seconds?: number };
    type Action = (input: Wanted & { idempotencyKey: string }) => Promise<JifenResult<{ url: string }>>;
    const use = (useChargedAction: Hooks["useChargedAction"], action: Action) => useChargedAction(action, "generate");
    expectTypeOf<Parameters<ReturnType<typeof use>["run"]>[0]>().toEqualTypeOf<Wanted>();
  });

  test("lists have items and more, which is undefined on the last page", () => {
    expectTypeOf<ReturnType<Hooks["useTransactions"]>["items"]>().toEqualTypeOf<
      readonly JifenOutputs["transactions"]["list"]["items"][number][]
    >();
    expectTypeOf<ReturnType<Hooks["useGrants"]>["more"]>().toEqualTypeOf<(() => void) | undefined>();
    expectTypeOf<Parameters<Hooks["useHolds"]>[0]>().toEqualTypeOf<
      { state?: "pending" | "captured" | "released" | "expired" } | undefined
    >();
  });

  test("useTopUp starts an order and useRedeem a redemption, and a refusal resolves with undefined", () => {
    expectTypeOf<ReturnType<Hooks["useTopUp"]>["start"]>().returns.resolves.toEqualTypeOf<
      JifenOutputs["orders"]["find"] | undefined
    >();
    expectTypeOf<ReturnType<Hooks["useRedeem"]>["redeem"]>().returns.resolves.toEqualTypeOf<
      JifenOutputs["codes"]["redeem"] | undefined
    >();
  });
});

describe("the signatures of the server", () => {
  test("createJifenHandler returns a handler of fetch's Request and Response", () => {
    expectTypeOf<ReturnType<typeof createJifenHandler>>().toEqualTypeOf<(request: Request) => Promise<Response>>();
    expectTypeOf<Awaited<ReturnType<Parameters<typeof createJifenHandler>[0]["identify"]>>>().toEqualTypeOf<
      | { readonly token: string }
      | { readonly key: string; readonly userId: string; readonly createUser?: boolean | undefined }
      | null
    >();
  });

  test("settle keeps the type of the value", () => {
    expectTypeOf<ReturnType<typeof settle<5>>>().toEqualTypeOf<Promise<JifenResult<5>>>();
  });
});
