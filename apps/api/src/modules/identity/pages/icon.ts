/** The character 积 on a seal, as strokes: no font is needed. */
const strokes =
  '<g fill="none" stroke="var(--on-seal,#fff)" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">' +
  '<path d="M13.2 6.4 6 8.6M4.8 12.4h9.6M9.8 7.6V26.4M9.6 12.8 4.8 19.6M10 13l4.4 5"/>' +
  '<path d="M17.8 7.2h8.6v9h-8.6zM19.8 20 17 25.6M24.4 20l3 5.6"/></g>';

const seal = (attributes: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"${attributes}><rect width="32" height="32" rx="7" fill="var(--seal,#ad3422)"/>${strokes}</svg>`;

/** The icon of every page, at `/icon.svg` and `/favicon.ico`. */
export const icon = seal("");

/** The icon as the logo of a page, which names its colours. */
export const logo = seal(' class="logo" aria-hidden="true"');
