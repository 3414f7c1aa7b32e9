declare const brand: unique symbol;

/** A `Base` that only its own constructor can make, so that an id is never taken for another. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };
