import { defineSettings } from "../../settings/define-settings.ts";
import { forms, same, zWholeNumber } from "../../settings/values.ts";

/** Settings of the credits module. */
export type CreditsSettings = {
  /** Credits that every new user gets, once. */
  readonly initialCredits: number;
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
  },
  read: (values): CreditsSettings => ({ initialCredits: values.INITIAL_CREDITS }),
});
