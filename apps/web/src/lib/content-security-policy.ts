/** The policy of one page. */
type Policy = {
  /** Marks the scripts and styles of this page; an attacker cannot know it. */
  readonly nonce: string;
  /** The development server evaluates code and adds styles without a nonce. */
  readonly isDevelopment: boolean;
};

/** The Content-Security-Policy of a page: scripts with the nonce, what they load, and files of this site. */
export function contentSecurityPolicy({ nonce, isDevelopment }: Policy): string {
  const directives = {
    "default-src": ["'none'"],
    "script-src": [`'nonce-${nonce}'`, "'strict-dynamic'", ...(isDevelopment ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", ...(isDevelopment ? ["'unsafe-inline'"] : [`'nonce-${nonce}'`])],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}
