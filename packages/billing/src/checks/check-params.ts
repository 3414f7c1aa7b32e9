import type { ChoiceParam, Param, QuantityParam } from "../catalogue.ts";
import { isDecimal, parseDecimal } from "../decimal.ts";
import { rangeOf } from "../params.ts";
import { type Problem, repeated } from "./problem.ts";

/**
 * How many bytes all parameters with their longest values can have as JSON: they are stored with each command that is
 * priced, once more at its capture, and both are at most a kilobyte.
 */
const MAX_PARAMS_BYTES = 400;
/** Of the text of a quantity: 12 digits, the point, 6 digits. */
const QUANTITY_BYTES = 19;
/** A character outside of ASCII has at most three bytes for each of its UTF-16 units. */
const BYTES_PER_UNIT = 3;

/** Problems of the parameters of an action. @param path that of the parameters */
export const checkParams = (params: Readonly<Record<string, Param>>, path: string): readonly Problem[] => [
  ...Object.entries(params).flatMap(([name, param]) =>
    param.kind === "choice" ? checkChoice(param, `${path}.${name}`) : checkQuantity(param, `${path}.${name}`),
  ),
  ...checkLength(params, path),
];

function checkLength(params: Readonly<Record<string, Param>>, path: string): readonly Problem[] {
  const bytes = Object.entries(params).reduce((sum, [name, param]) => sum + name.length + 6 + longestValue(param), 2);
  return bytes > MAX_PARAMS_BYTES ? [{ path, problem: "PARAMS_TOO_LONG", detail: String(bytes) }] : [];
}

const longestValue = (param: Param): number =>
  param.kind === "quantity" ? QUANTITY_BYTES : Math.max(0, ...param.values.map(bytesOf));

/** UTF-8 bytes of a text in JSON, or a few more. */
const bytesOf = (text: string): number =>
  [...JSON.stringify(text)].reduce((sum, each) => sum + (/[ -~]/.test(each) ? 1 : each.length * BYTES_PER_UNIT), 0);

const checkChoice = ({ values, default: preset }: ChoiceParam, path: string): readonly Problem[] => [
  ...repeated(values).map((detail): Problem => ({ path: `${path}.values`, problem: "NAME_REPEATED", detail })),
  ...(preset === undefined || values.includes(preset)
    ? []
    : [{ path: `${path}.default`, problem: "DEFAULT_NOT_ALLOWED", detail: preset } as const]),
];

function checkQuantity(param: QuantityParam, path: string): readonly Problem[] {
  const { min, max, step, default: preset } = param;
  const wrong = Object.entries({ min, max, step, default: preset }).flatMap(([name, text]): Problem[] =>
    text === undefined || isDecimal(text) ? [] : [{ path: `${path}.${name}`, problem: "NOT_A_DECIMAL", detail: text }],
  );
  if (wrong.length > 0) return wrong;
  const range = rangeOf(param);
  if (range.min > range.max || range.step === 0n) return [{ path, problem: "RANGE_EMPTY", detail: max }];
  // Rounded up to its step the largest value must still be in the range: it has a price of its own.
  if (range.max % range.step !== 0n) return [{ path: `${path}.max`, problem: "RANGE_EMPTY", detail: max }];
  const value = preset === undefined ? range.min : (parseDecimal(preset) ?? -1n);
  return value >= range.min && value <= range.max
    ? []
    : [{ path: `${path}.default`, problem: "DEFAULT_NOT_ALLOWED", detail: preset ?? "" }];
}
