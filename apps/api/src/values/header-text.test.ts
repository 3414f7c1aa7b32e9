import { expect, test } from "vitest";
import { decodeHeaderText } from "./header-text.ts";

const latin1 = (text: string) => Buffer.from(text).toString("latin1");

test.each([
  { says: "ASCII", value: "ann@example.com", text: "ann@example.com" },
  { says: "bytes of UTF-8", value: latin1("jürgen@例子.中国"), text: "jürgen@例子.中国" },
  { says: "Latin-1", value: "jürgen@example.com", text: "jürgen@example.com" },
  { says: "percent-encoded UTF-8", value: "UTF-8''j%C3%BCrgen%40example.com", text: "jürgen@example.com" },
  { says: "percent-encoded UTF-8 with a language", value: "utf-8'de'%C3%BC%40example.com", text: "ü@example.com" },
  { says: "an address that looks percent-encoded", value: "utf-8''ann@example.com", text: "utf-8''ann@example.com" },
  { says: "percent signs alone", value: "%61nn@example.com", text: "%61nn@example.com" },
  { says: "a broken escape", value: "UTF-8''%C3", text: "UTF-8''%C3" },
])("an address in a header is read from $says", ({ value, text }) => {
  expect(decodeHeaderText(value)).toBe(text);
});
