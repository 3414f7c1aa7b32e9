/** A parameter of an action in the catalogue, as far as a form needs it. */
export type Param = {
  readonly name: string;
  /** The texts to choose from; undefined: a quantity. */
  readonly values: readonly string[] | undefined;
  /** Bounds of a quantity, as decimal text. */
  readonly min: string;
  readonly max: string;
  readonly step: string;
  readonly initial: string;
  /** Whether what was really used decides the charge. */
  readonly settles: boolean;
};

/** An action that the catalogue prices. */
export type PricedAction = { readonly action: string; readonly params: readonly Param[] };

/** The values of a form, by parameter. */
export type ParamValues = Readonly<Record<string, string>>;

type PublicAction = { readonly action: string; readonly params: Readonly<Record<string, unknown>> };

/** Reads the parameters of an action of `GET /catalogue`. */
export const toPricedAction = ({ action, params }: PublicAction): PricedAction => ({
  action,
  params: Object.entries(params).map(([name, value]) => toParam(name, value as CatalogueParam)),
});

/** A parameter in the catalogue: see its reference. */
type CatalogueParam = {
  readonly kind: "choice" | "quantity";
  readonly values?: readonly string[];
  readonly min?: string;
  readonly max?: string;
  readonly step?: string;
  readonly default?: string;
  readonly settles?: boolean;
};

function toParam(
  name: string,
  { values, min = "1", max = "1", step = "1", settles = false, ...param }: CatalogueParam,
): Param {
  const initial = param.default ?? values?.[0] ?? min;
  return { name, values, min, max, step, initial, settles };
}

/** The values with which a form begins. */
export const initialValues = ({ params }: PricedAction): ParamValues =>
  Object.fromEntries(params.map(({ name, initial }) => [name, initial]));
