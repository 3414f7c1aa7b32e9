import {
  type FakeGateway,
  type Switches,
  startAlipay,
  startEpay,
  startStripe,
  startWechatpay,
} from "@jifen/testkit/gateways";

/** A payment channel whose provider is a fake. */
export type FakeChannel = {
  readonly channel: "alipay" | "epay" | "stripe" | "wechatpay";
  readonly fake: FakeGateway;
  /** Whether an order can be closed before its end. */
  readonly canClose: boolean;
};

/** The fakes of all providers. */
export type FakeChannels = AsyncDisposable & {
  readonly all: readonly FakeChannel[];
  /** The settings of a server that uses them. */
  readonly env: Readonly<Record<string, string>>;
};

/** How notices go wrong during the run: one in ten is lost, the others come up to four times, in any order. */
const careless: Partial<Switches> = {
  ...{ lose: 0.1, repeat: 4, shuffle: true, delayMs: 1_500, retryMs: 700, retries: 3 },
};

/** Starts a fake of each provider. @param publicUrl where their notices go */
export async function startChannels(publicUrl: string): Promise<FakeChannels> {
  const all: readonly FakeChannel[] = [
    { channel: "alipay", fake: await startAlipay(), canClose: true },
    { channel: "epay", fake: await startEpay(), canClose: false },
    { channel: "stripe", fake: await startStripe(), canClose: true },
    { channel: "wechatpay", fake: await startWechatpay(), canClose: true },
  ];
  for (const { channel, fake } of all) fake.turn({ ...careless, notifyUrl: `${publicUrl}/payments/${channel}/notify` });
  const settings = Object.assign({}, ...all.map(({ fake }) => fake.settings)) as Record<string, string>;
  return {
    all,
    // By its API, epay knows an order before the user has opened a page.
    env: { ...settings, EPAY_MODE: "api", PUBLIC_URL: publicUrl, RATE_LIMIT_ORDERS: "off" },
    [Symbol.asyncDispose]: async () => {
      for (const { fake } of all) await fake[Symbol.asyncDispose]();
    },
  };
}
