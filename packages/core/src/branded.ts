declare const brand: unique symbol;

/** A `Base` that only its own constructor returns, so that one kind of id is never passed for another. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };
