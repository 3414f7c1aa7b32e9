import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { files, read, root } from "./sources.ts";

const pages = files.filter((file) => file.endsWith(".md"));

/** Targets of links to files of the repository, with their anchors. */
const linksIn = (text: string): readonly string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^(https?:|mailto:)/.test(target));

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

const anchorsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));

describe("links between documents", () => {
  test.each(pages)("%s links only to files and headings that exist", (page) => {
    const broken = linksIn(read(page)).filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsIn(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe("documents", () => {
  test.each(pages)("%s names no issue number, no registry host and no path of a machine", (page) => {
    const found = read(page).match(/(^|\s)#\d+\b|registry\.npm[\w.]*|\/(home|root|Users|work)\/\w+/g) ?? [];
    expect(found).toEqual([]);
  });
});
