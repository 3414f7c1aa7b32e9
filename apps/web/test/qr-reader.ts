import type { Locator } from "playwright-core";
import decodeQR from "qr/decode.js";

/** The edge of the picture that is read, in pixels. */
const EDGE = 320;
/** Pixels as red, green, blue and opacity. */
const DARK = [0, 0, 0, 255];
const LIGHT = [255, 255, 255, 255];

/** Reads a QR code on a page, as a phone would: from the pixels of its picture. @throws Error when there is none */
export async function readQrCode(code: Locator): Promise<string> {
  const pixels = await code.evaluate(async (element, edge) => {
    const copy = element.cloneNode(true) as SVGElement;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", String(edge));
    copy.setAttribute("height", String(edge));
    const picture = new Image(edge, edge);
    picture.src = `data:image/svg+xml,${encodeURIComponent(copy.outerHTML)}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = edge;
    canvas.height = edge;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("the browser has no canvas");
    context.fillStyle = getComputedStyle(element).backgroundColor;
    context.fillRect(0, 0, edge, edge);
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, edge, edge);
    // One character for each pixel: more would take long to get out of the browser.
    return Array.from({ length: edge * edge }, (_, at) => ((data[at * 4] ?? 0) < 128 ? "#" : " ")).join("");
  }, EDGE);
  const data = Uint8ClampedArray.from([...pixels].flatMap((pixel) => (pixel === "#" ? DARK : LIGHT)));
  return decodeQR({ width: EDGE, height: EDGE, data });
}
