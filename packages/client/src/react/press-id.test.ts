import { expect, test } from "vitest";
import { pressId } from "./press-id.ts";

const idOf = (input: object) => pressId({ userId: "u", name: "generate", input, language: "en" });
const file = (content: string, name = "a.png", lastModified = 1) =>
  new File([content], name, { type: "image/png", lastModified });
const form = (value: string | File) => {
  const data = new FormData();
  data.set("image", value);
  return data;
};

test.each<{ says: string; make: () => unknown; other: unknown }>([
  { says: "text", make: () => "a", other: "b" },
  { says: "a nested value", make: () => ({ a: [1, { b: null }] }), other: { a: [1, { b: 0 }] } },
  { says: "the name of a file", make: () => file("a"), other: file("a", "b.png") },
  { says: "the size of a file", make: () => file("a"), other: file("aa") },
  { says: "the time of a file", make: () => file("a"), other: file("b", "a.png", 2) },
  { says: "files in a list", make: () => [file("a")], other: [file("aa")] },
  { says: "text in a form", make: () => form("a"), other: form("b") },
  { says: "a file in a form", make: () => form(file("a")), other: form(file("aa")) },
  { says: "a map", make: () => new Map([["a", 1]]), other: new Map([["a", 2]]) },
  { says: "a set of files", make: () => new Set([file("a")]), other: new Set([file("aa")]) },
  { says: "a time", make: () => new Date(1), other: new Date(2) },
  { says: "a big number", make: () => 1n, other: 2n },
  { says: "no number", make: () => Number.NaN, other: null },
  { says: "an address", make: () => new URL("http://a.example.com"), other: new URL("http://b.example.com") },
])("$says tells presses apart, and the same value is the same press", ({ make, other }) => {
  expect(idOf({ value: make() })).toBe(idOf({ value: make() }));
  expect(idOf({ value: make() })).not.toBe(idOf({ value: other }));
});

test("the user and the name of the charge tell presses apart", () => {
  const pressed = { userId: "u", name: "generate", input: {}, language: "en" } as const;
  expect(pressId(pressed)).not.toBe(pressId({ ...pressed, userId: "v" }));
  expect(pressId(pressed)).not.toBe(pressId({ ...pressed, name: "other" }));
});

class Picture {
  readonly #content = "a";
  read = () => this.#content;
}

test.each<{ says: string; value: unknown }>([
  { says: "Blob", value: new Blob(["a"]) },
  { says: "ArrayBuffer", value: new ArrayBuffer(1) },
  { says: "Picture", value: new Picture() },
  { says: "function", value: () => 1 },
  { says: "symbol", value: Symbol("a") },
])("a $says in the input is refused with its field", ({ says, value }) => {
  expect(() => idOf({ deep: { image: value } })).toThrow(
    expect.objectContaining({ code: "NOT_SENT", message: expect.stringContaining(`image of the input is a ${says},`) }),
  );
});
