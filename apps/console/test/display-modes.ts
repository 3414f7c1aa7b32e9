import { layoutFlaws, type Page } from "@jifen/testkit/browser";

/** A way in which people see the pages. */
type Mode = {
  readonly name: string;
  /** In CSS pixels: a browser that zooms to 200 % has half of its pixels. */
  readonly width: number;
  /** The size of the text, in percent of what the browser begins with. */
  readonly text: number;
  readonly hasForcedColors?: boolean;
};

/** The modes in which every page must show every control. */
export const modes: readonly Mode[] = [
  { name: "1280 px at 200 % zoom", width: 640, text: 100 },
  { name: "1280 px with text of 200 %", width: 1_280, text: 200 },
  { name: "390 px with text of 200 %", width: 390, text: 200 },
  { name: "320 px with forced colours", width: 320, text: 100, hasForcedColors: true },
];

/** Shows the page in a mode. */
export async function show(page: Page, { width, text, hasForcedColors = false }: Mode): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ forcedColors: hasForcedColors ? "active" : "none" });
  await page.evaluate((percent) => {
    document.documentElement.style.fontSize = `${percent}%`;
  }, text);
}

/** By how many pixels the page is too wide, and the controls that lie outside of it, where no scrolling reaches. */
export async function flawsOf(page: Page): Promise<{ readonly overflow: number; readonly lost: readonly string[] }> {
  const { overflow } = await layoutFlaws(page);
  const lost = await page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const controls = [...document.querySelectorAll<HTMLElement>("a, button, input, select, textarea, summary")];
    return controls
      .filter((control) => {
        const { left, right, width } = control.getBoundingClientRect();
        // What only screen readers see has one pixel.
        if (width <= 1 || !control.checkVisibility() || scrolls(control.parentElement)) return false;
        return left < -1 || right > innerWidth + 1;
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 120));
  });
  return { overflow: Math.max(overflow, 0), lost };
}

/** The icons and bars that have the colour of what is behind them. */
export const invisibleGraphics = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const transparent = "rgba(0, 0, 0, 0)";
    const behind = (element: Element | null): string => {
      const color = element === null ? "rgb(255, 255, 255)" : getComputedStyle(element).backgroundColor;
      return element === null || color !== transparent ? color : behind(element.parentElement);
    };
    const shapes = [...document.querySelectorAll("svg :is(path, circle, line, rect, polyline)")].filter((shape) => {
      const { stroke, fill } = getComputedStyle(shape);
      const ground = behind(shape.closest("svg"));
      return shape.checkVisibility() && [stroke, fill].every((color) => [ground, "none", transparent].includes(color));
    });
    const bars = [...document.querySelectorAll<HTMLElement>("[aria-hidden] > div > span[style]")].filter(
      (bar) => bar.offsetHeight > 0 && behind(bar) === behind(bar.parentElement),
    );
    return [...shapes, ...bars].map(({ outerHTML }) => outerHTML.slice(0, 120));
  });
