import { defineSettings } from "../../settings/define-settings.ts";
import { forms, same, zSwitch, zWholeNumber } from "../../settings/values.ts";

/** Settings of the credits module. */
export type CreditsSettings = {
  /** Credits that every new user gets, once. */
  readonly initialCredits: number;
  /** Whether staff grants credits to themselves and refunds their own charges in person. */
  readonly isSelfGrantAllowed: boolean;
  /** Below this available balance the event `balance.low` is sent; undefined: only for users with a threshold of their own. */
  readonly lowBalance: number | undefined;
};

const MAX_INITIAL_CREDITS = 1_000_000_000_000;

/** Settings of the credits module. */
export const creditsSettings = defineSettings({
  variables: {
    INITIAL_CREDITS: {
      schema: zWholeNumber(0, MAX_INITIAL_CREDITS).default(100),
      type: forms.wholeNumber(0, MAX_INITIAL_CREDITS),
      default: same("100"),
      description: { en: "Credits that every new user gets, once.", zh: "每个新用户获得的积分，只给一次。" },
    },
    SELF_GRANT: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on` lets staff grant credits to themselves, refund their own charges in person, and release holds on their own account.",
        zh: "`on` 允许员工给自己发放积分、由本人退还自己的消费，以及释放自己账户上的预扣。",
      },
    },
    LOW_BALANCE: {
      schema: zWholeNumber(1, MAX_INITIAL_CREDITS).optional(),
      type: forms.wholeNumber(1, MAX_INITIAL_CREDITS),
      description: {
        en: "Below this available balance the event `balance.low` is sent. Unset: only for users who set a threshold.",
        zh: "可用余额低于此值时发送 `balance.low` 事件。不设置时，只对自行设置了阈值的用户发送。",
      },
    },
  },
  read: (values): CreditsSettings => ({
    initialCredits: values.INITIAL_CREDITS,
    isSelfGrantAllowed: values.SELF_GRANT,
    lowBalance: values.LOW_BALANCE,
  }),
});
