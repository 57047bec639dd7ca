/**
 * Everything a condition may look at: one total record, camelCase, always complete. Unknown is a value, never an absent key.
 * Numbers are whole unless named otherwise. The caller cannot set derived facts; what the author declares is under `declared`.
 */
export interface Facts {
  readonly action: {
    /** Catalogue name, such as `file.delete`. */
    readonly type: string;
    /** Family, such as `file`. */
    readonly kind: string;
    /** Verb: read list create update delete execute send pay export grant deploy unknown. */
    readonly operation: string;
    /** Whether the type is one of the version's steps or matches one of its grants. */
    readonly declared: boolean;
    /** Whether the type is in the catalogue. */
    readonly known: boolean;
    /** none, local (inside the workspace's own roots) or outside. */
    readonly sideEffect: string;
    /** yes, no or unknown. */
    readonly reversible: string;
  };
  /** development, test, staging, production or unknown; unknown counts as production. */
  readonly environment: string;
  readonly agent: { readonly id: string; readonly name: string; readonly version: number };
  /** manual, schedule, webhook, test or assistant. */
  readonly trigger: string;
  readonly file: {
    /** Absolute and resolved; empty when the action has no path. */
    readonly path: string;
    /** Every path of the action (source and destination). */
    readonly paths: readonly string[];
    readonly outsideRoots: boolean;
    readonly recursive: boolean;
    /** The path holds glob characters. */
    readonly wildcard: boolean;
    /** A place where credentials live: `.ssh`, `.aws`, `.env`, key stores, `/proc/<pid>/environ`. */
    readonly credentialPlace: boolean;
    readonly bytes: number;
  };
  readonly url: {
    readonly scheme: string;
    readonly host: string;
    readonly port: number;
    readonly method: string;
    /** A loopback, private, link-local or otherwise non-public address, or a name that can only be one. */
    readonly privateNetwork: boolean;
    readonly metadataService: boolean;
    readonly hasCredentials: boolean;
    /** `host:port` is on the operator's list. */
    readonly allowlisted: boolean;
    /** The url was given but could not be read as one. */
    readonly unparsed: boolean;
  };
  /** Actions of this agent in the last 60 seconds that were let through, this one not counted. */
  readonly rate: { readonly http1m: number; readonly writes1m: number };
  /** What the author of the step declares; empty string, false or -1 when not declared. */
  readonly declared: {
    readonly purpose: string;
    readonly legalBasis: string;
    /** verified, absent or unknown. */
    readonly consent: string;
    readonly ticket: string;
    readonly backupConfirmed: boolean;
    readonly rollbackPlan: string;
    readonly recordCount: number;
    /** US dollars times 1,000,000. */
    readonly costMicros: number;
  };
}

/** The facts of a harmless declared read. Where an action has no path, no url and no declaration, its facts have the values that stand here. */
export const NEUTRAL_FACTS: Facts = {
  action: {
    type: 'file.read',
    kind: 'file',
    operation: 'read',
    declared: true,
    known: true,
    sideEffect: 'none',
    reversible: 'yes',
  },
  environment: 'development',
  agent: { id: '00000000-0000-4000-8000-000000000000', name: 'agent', version: 1 },
  trigger: 'manual',
  file: {
    path: '',
    paths: [],
    outsideRoots: false,
    recursive: false,
    wildcard: false,
    credentialPlace: false,
    bytes: 0,
  },
  url: {
    scheme: '',
    host: '',
    port: 0,
    method: '',
    privateNetwork: false,
    metadataService: false,
    hasCredentials: false,
    allowlisted: false,
    unparsed: false,
  },
  rate: { http1m: 0, writes1m: 0 },
  declared: {
    purpose: '',
    legalBasis: '',
    consent: 'unknown',
    ticket: '',
    backupConfirmed: false,
    rollbackPlan: '',
    recordCount: -1,
    costMicros: -1,
  },
};
