import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const known = ["sslmode", "sslrootcert", "schema", "connect_timeout"];

test.each([
  { name: "ssl-mode", nearest: "sslmode" },
  { name: "SSLMODE", nearest: "sslmode" },
  { name: "sslmod", nearest: "sslmode" },
  { name: "sslmdoe", nearest: "sslmode" },
  { name: "shema", nearest: "schema" },
  { name: "connectTimeout", nearest: "connect_timeout" },
  { name: "rootcert", nearest: "sslrootcert" },
  { name: "certificate", nearest: undefined },
  { name: "x", nearest: undefined },
])("the known name nearest to $name is $nearest", ({ name, nearest }) => {
  expect(nearestName(name, known)).toBe(nearest);
});
