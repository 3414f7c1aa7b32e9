import { defineSettings } from "../settings/define-settings.ts";
import { forms, same, zSwitch } from "../settings/values.ts";

/** Settings of the pages that the server serves. */
export type ConsoleSettings = { readonly isConsoleOn: boolean };

/** Settings of the pages that the server serves. */
export const consoleSettings = defineSettings({
  variables: {
    CONSOLE: {
      schema: zSwitch.default(true),
      type: forms.switch,
      default: same("on"),
      description: {
        en: "`off`: the server serves neither the console at `/console` nor the account pages at `/account`.",
        zh: "`off`：不提供 `/console` 控制台和 `/account` 账户页面。",
      },
    },
  },
  read: ({ CONSOLE }): ConsoleSettings => ({ isConsoleOn: CONSOLE }),
});
