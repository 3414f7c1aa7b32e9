/** Licences under which a dependency of the server or the client can be shipped together with Apache-2.0. */
const allowed = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Unlicense",
];

/** Packages under other licences, and why they may be shipped. They are separate, unchanged packages. */
const exceptions: Readonly<Record<string, RegExp>> = {
  // The driver is loaded as a library, which the LGPL permits.
  "LGPL-2.1-or-later": /^mariadb$/,
  // It builds the styles of the console. The MPL concerns its own files.
  "MPL-2.0": /^lightningcss(-|$)/,
};

/** What `pnpm licenses list --json` prints: packages by their licence. */
export type Licenses = Readonly<
  Record<string, readonly { readonly name: string; readonly versions: readonly string[] }[]>
>;

/** The packages whose licence is not allowed, as `name version: licence`. An expression needs one allowed part of an OR, or all of an AND. */
export const forbidden = (licenses: Licenses): readonly string[] =>
  Object.entries(licenses)
    .filter(([expression]) => !isAllowed(expression))
    .flatMap(([expression, packages]) =>
      packages
        .filter(({ name }) => !exceptions[expression]?.test(name))
        .map(({ name, versions }) => `${name} ${versions.join(", ")}: ${expression}`),
    );

function isAllowed(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, "").split(" OR ");
  return alternatives.some((each) => each.split(" AND ").every((license) => allowed.includes(license.trim())));
}
