import { defineSettings } from "../../settings/define-settings.ts";
import { forms, same, zSwitch, zWholeNumber } from "../../settings/values.ts";

/** Settings of the credits module. */
export type CreditsSettings = {
  /** Credits that every new user gets, once. */
  readonly initialCredits: number;
  /** Whether staff grants credits to themselves and refunds their own charges in person. */
  readonly isSelfGrantAllowed: boolean;
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
        en: "`on` lets staff grant credits to themselves, and refund their own charges in person.",
        zh: "`on` 允许员工给自己发放积分，以及由本人退还自己的消费。",
      },
    },
  },
  read: (values): CreditsSettings => ({
    initialCredits: values.INITIAL_CREDITS,
    isSelfGrantAllowed: values.SELF_GRANT,
  }),
});
