type Params = Readonly<Record<string, unknown>>;

/** A text in the address; undefined when it is missing or empty. */
export function textParam(params: Params, name: string): string | undefined {
  const value = params[name];
  // The router reads a text of digits as a number.
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** One of some words in the address; undefined for anything else. */
export function choiceParam<const Choice extends string>(
  params: Params,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === params[name]);
}

/** The parameters of a page's address: those without a value are left out. */
export const optional = <Values extends object>(values: Values): Partial<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>;

/** A day in the address, such as `2026-11-30`; undefined for anything else. */
export function dayParam(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}
