const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

export function isLocalHost(header: string | undefined): boolean {
  const host = hostOf(`http://${header ?? ''}`);
  return host !== undefined && LOCAL_HOSTS.includes(host);
}

/**
 * Why a request may not be served, or undefined: it is for this machine, or for the host of `publicUrl`. A page on the web can make a
 * browser call us under a name of its own (DNS rebinding); then `Host` or `Origin` still names that page.
 */
export function refuseForeignHost(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  publicUrl?: string,
): string | undefined {
  const own = publicUrl === undefined ? undefined : hostOf(publicUrl);
  const served = own === undefined ? LOCAL_HOSTS : [...LOCAL_HOSTS, own];
  const host = hostOf(`http://${headers.host ?? ''}`);
  if (host === undefined || !served.includes(host)) {
    const more = own === undefined ? ', or set AGENTOS_PUBLIC_URL to the address that people use' : '';
    return `The Host header names \`${clip(headers.host)}\`. This server answers only to ${served.join(', ')}: use one of these in the URL${more}.`;
  }
  if (headers.origin === undefined) return undefined;
  const origin = hostOf(headers.origin);
  if (origin !== undefined && (LOCAL_HOSTS.includes(origin) || isOriginOf(publicUrl, headers.origin))) return undefined;
  return `The Origin header names \`${clip(headers.origin)}\`. Pages of other sites may not call this server.`;
}

function isOriginOf(publicUrl: string | undefined, origin: string): boolean {
  return publicUrl !== undefined && new URL(publicUrl).origin === origin;
}

function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, username, password, protocol } = new URL(url);
  return username === '' && password === '' && /^https?:$/.test(protocol) ? hostname : undefined;
}

function clip(text: string | undefined): string {
  return (text ?? '').replace(/\p{C}/gu, '').slice(0, 100);
}
