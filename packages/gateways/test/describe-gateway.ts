import type { Gateway } from "@jifen/billing";
import type { FakeGateway } from "@jifen/testkit/gateways";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import type { GatewayOptions } from "../src/index.ts";
import { startNoticeReceiver } from "./notice-receiver.ts";
import { describeFailures } from "./suite/failures.ts";
import { describeNotices } from "./suite/notices.ts";
import { describeOrders } from "./suite/orders.ts";
import { describeRefunds } from "./suite/refunds.ts";
import type { OrderScene, Scene } from "./walk.ts";

/** How a gateway is opened for the suite. */
export type OpenForTest = (
  settings: Readonly<Record<string, string>>,
  options: GatewayOptions,
) => Gateway | Promise<Gateway>;

/** What the suite has to know of a gateway. */
export type GatewayUnderTest = {
  readonly start: () => Promise<FakeGateway>;
  readonly open: OpenForTest;
  /** Settings with a key that the provider does not know. */
  readonly wrongKey: (settings: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** Whether `create` asks the provider, or only signs an address. */
  readonly asksOnCreate: boolean;
  /** Whether answers of the provider are signed. */
  readonly signsAnswers: boolean;
};

/** What the parts of the suite work with. */
export type Stage = { readonly scene: () => Scene; readonly under: GatewayUnderTest; readonly title: string };

/** What the tests of orders and refunds work with. */
export type OrderStage = Pick<GatewayUnderTest, "asksOnCreate"> & {
  readonly scene: () => OrderScene;
  readonly title: string;
};

const switchedOn = {
  answers: "normal",
  forge: null,
  lose: 0,
  repeat: 1,
  delayMs: 0,
  shuffle: false,
  clockMs: 0,
} as const;

/** The conformance suite of payment gateways: what the port promises, against a fake that verifies and signs. */
export function describeGateway(title: string, under: GatewayUnderTest): void {
  describe(`the gateway ${title}`, () => {
    let scene: Scene;
    beforeAll(async () => {
      const fake = await under.start();
      fake.turn({ retryMs: 50 });
      const gateway = await under.open(fake.settings, { timeoutMs: 1_000 });
      const receiver = await startNoticeReceiver(gateway);
      fake.turn({ notifyUrl: `${receiver.url}/{number}` });
      scene = { gateway, fake, receiver };
    });
    afterEach(() => {
      scene.fake.turn(switchedOn);
      scene.receiver.verdict = "recorded";
    });
    afterAll(async () => {
      await scene.fake[Symbol.asyncDispose]();
      await scene.receiver[Symbol.asyncDispose]();
    });
    const stage: Stage = { scene: () => scene, under, title };
    describeOrders({ ...stage, asksOnCreate: under.asksOnCreate });
    describeNotices(stage);
    describeFailures(stage);
    describeRefunds(stage);
  });
}
