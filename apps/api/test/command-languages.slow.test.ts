// Expected duration: 30 s on two cores.
import { afterAll, beforeAll, describe, test } from "vitest";
import { expectBothLanguages } from "./command-languages.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

// The output does not depend on the database.
describe("the language of the command line", () => {
  let api: ApiWithAdmin;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite");
  });
  afterAll(() => api.server.stop());

  test.each([
    { words: ["user", "create", "lang-LANG@example.com"] },
    { words: ["admin", "create", "lang-LANG@example.com"] },
    { words: ["user", "password-link", "lang-LANG@example.com"] },
    { words: ["user", "suspend", "lang-LANG@example.com"] },
    { words: ["user", "suspend", "unknown@example.com"] },
    { words: ["user", "create", "not-an-address"] },
    { words: ["key", "create", "--owner", user.email, "--name", "worker", "--scopes", "credits:read"] },
    { words: ["key", "list"] },
    { words: ["key", "revoke", "unknown"] },
    { words: ["grant", user.email, "1", "--reason", "x"] },
    { words: ["grant", user.email, "1.5", "--reason", "x"] },
    { words: ["migrate"] },
    { words: ["migrate", "--check"] },
    { words: ["audit"] },
    { words: ["audit", "--account", "unknown@example.com"] },
    { words: ["doctor"] },
    { words: ["statement", user.email, "2026-01"] },
    { words: ["payments", "list"] },
    { words: ["payments", "reviews"] },
    { words: ["payments", "show", "0"] },
    { words: ["payments", "accept", "pay-0", "--reason", "LANG"] },
    { words: ["webhooks", "list", "--user", "missing@example.com"] },
    { words: ["webhooks", "deliveries", "endpoint-0"] },
  ])("every output of jifen $words is in the language of --lang or of the shell", ({ words }) =>
    expectBothLanguages(api.server.database.url, words),
  );
});
