import { findConsole } from '../http/find-console.ts';
import type { Config } from './config.ts';

/** The address in links, without a trailing slash: the configured one, else where the console is served now, else where `--http` would. */
export function linkBase({ publicUrl, host, dataDir }: Pick<Config, 'publicUrl' | 'host' | 'dataDir'>): string {
  return publicUrl ?? findConsole(dataDir) ?? `http://${host}:3000`;
}
