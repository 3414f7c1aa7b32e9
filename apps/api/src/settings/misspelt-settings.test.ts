import { expect, test } from "vitest";
import { misspeltSettings } from "./misspelt-settings.ts";
import { settingTable } from "./settings.ts";

test.each([
  { name: "RATE_LIMIT_CALER", nearest: "RATE_LIMIT_CALLER" },
  { name: "USER_WHITELISTS", nearest: "USER_WHITELIST" },
  { name: "JWT_SECRETS", nearest: "JWT_SECRET" },
  { name: "FRONTENT_URL", nearest: "FRONTEND_URL" },
  { name: "DATABSE_URL_FILE", nearest: "DATABASE_URL" },
  { name: "log_level", nearest: "LOG_LEVEL" },
  { name: "DATADIR", nearest: "DATA_DIR" },
])("the variable $name is reported with the setting $nearest", ({ name, nearest }) => {
  expect(misspeltSettings([name], settingTable)).toEqual([{ name, nearest }]);
});

test("variables of other programs, and settings themselves, are not reported", () => {
  const usual = "PATH HOME HOSTNAME PWD LANG TERM SHELL USER LOGNAME NODE_VERSION npm_config_cache HTTP_PROXY NO_PROXY";
  const others = `${usual} POSTGRES_URL PGHOST MYSQL_URL KUBERNETES_PORT SMTP_HOST DOCKER_HOST`.split(" ");
  const own = Object.keys(settingTable);
  expect(misspeltSettings([...others, ...own, ...own.map((name) => `${name}_FILE`)], settingTable)).toEqual([]);
});
