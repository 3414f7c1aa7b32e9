import { describe, expect, test } from "vitest";
import { chat, example, video } from "../test/example-catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { diffCatalogues } from "./diff-catalogues.ts";

const nothing = { added: [], removed: [], changed: [] };
const [pack] = example.packs as [Catalogue["packs"][number]];

describe("the difference between two catalogues", () => {
  test("the order of actions, multipliers and fields is no difference", () => {
    const { params, rows, closed, action } = video;
    const multipliers = example.multipliers.toReversed();
    const other = { ...example, multipliers, actions: [chat, { rows, closed, params, action }] };
    expect(diffCatalogues(example, other)).toEqual({ actions: nothing, packs: nothing, multipliers: false });
  });

  test("the order of rows is a difference, because the first row that fits has the price", () => {
    const other = { ...example, actions: [{ ...video, rows: video.rows.toReversed() }, chat] };
    expect(diffCatalogues(example, other).actions).toEqual({ ...nothing, changed: ["text_to_video"] });
  });

  test("added, removed and changed actions and packs are named, and changed multipliers are noticed", () => {
    const after = {
      actions: [
        { ...chat, closed: [{}] },
        { ...video, action: "image" },
      ],
      ...{ packs: [{ ...pack, credits: 101 }], multipliers: example.multipliers.slice(1) },
    };
    expect(diffCatalogues(example, after)).toEqual({
      actions: { added: ["image"], removed: ["text_to_video"], changed: ["chat"] },
      ...{ packs: { ...nothing, changed: ["p100"] }, multipliers: true },
    });
    expect(diffCatalogues({ actions: [], multipliers: [], packs: [] }, example)).toEqual({
      actions: { ...nothing, added: ["text_to_video", "chat"] },
      ...{ packs: { ...nothing, added: ["p100"] }, multipliers: true },
    });
  });
});
