/** Where a person wanted to go before signing in: a path of this site, or the start page. */
export function toReturnPath(next: string | null, origin: string): string {
  if (next === null || !next.startsWith('/')) return '/';
  try {
    const url = new URL(next, origin);
    return url.origin === origin && url.pathname !== '/sign-in' ? url.pathname + url.search : '/';
  } catch {
    return '/';
  }
}

export function toSignInPath(from: string): string {
  return from === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(from)}`;
}

/** The id in `/approvals/{id}`. */
export function toApprovalId(path: string): string | undefined {
  return /^\/approvals\/([\da-f-]{36})\/?$/i.exec(path)?.[1];
}
