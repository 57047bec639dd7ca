const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Why a request may not be served by an address that only this machine reaches, or undefined. A page on the web can make a browser call
 * localhost under a name of its own (DNS rebinding); then `Host` or `Origin` still names that page.
 */
export function refuseForeignHost(headers: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}): string | undefined {
  const host = hostOf(`http://${headers.host ?? ''}`);
  if (host === undefined || !LOCAL_HOSTS.includes(host)) {
    return `The Host header names \`${clip(headers.host)}\`. This server answers only to ${LOCAL_HOSTS.join(', ')}: use one of these in the URL.`;
  }
  if (headers.origin === undefined) return undefined;
  const origin = hostOf(headers.origin);
  if (origin !== undefined && LOCAL_HOSTS.includes(origin)) return undefined;
  return `The Origin header names \`${clip(headers.origin)}\`. Pages of other sites may not call this server.`;
}

function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, username, password, protocol } = new URL(url);
  return username === '' && password === '' && /^https?:$/.test(protocol) ? hostname : undefined;
}

function clip(text: string | undefined): string {
  return (text ?? '').replace(/\p{C}/gu, '').slice(0, 100);
}
