/** The path prefix of the server, with a slash at its end: the `<base>` of the page. */
export const basePath = new URL(document.baseURI).pathname;
