export { readCookie, toCookie } from './cookies.ts';
export { ConsoleLead, type Listening } from './console-lead.ts';
export { findConsole } from './find-console.ts';
export { ErrorFilter } from './error.filter.ts';
export { HealthController } from './health.controller.ts';
export { readJsonBody } from './json-body.ts';
export { isLocalHost, refuseForeignHost } from './local-hosts.ts';
export { readTransport, requireSafe, toTrusted, type Transport } from './transport.ts';
export { PAGE_HEADERS, serveConsole } from './static-console.ts';
