import type { PolicyTemplate } from './policy-template.ts';

/** Counted over the last 60 seconds, the action being decided included. */
const MAX_HTTP = 100;
const MAX_WRITES = 60;

export const DATA_DELETION: PolicyTemplate = {
  id: 'data-deletion',
  name: 'Data Deletion Safety',
  description: 'Prevents accidental data loss',
  category: 'security',
  requires: [
    'SQL connections and a SQL parser: DELETE, UPDATE, DROP and TRUNCATE are not looked at yet',
    'storage and mail connections: deletion of buckets and mailboxes is not looked at yet',
  ],
  rules: [
    {
      name: 'recursive-delete-inside',
      description: 'A whole folder or a wildcard is deleted inside the allowed folders.',
      condition:
        'action.kind == "file" && action.operation == "delete" && (file.recursive || file.wildcard) && !file.outsideRoots',
      action: 'require_approval',
      severity: 'high',
      message: 'This deletes a whole folder, or everything that a wildcard matches, at once.',
      alternative: 'Delete the files one by one by their names, or move them to another folder.',
    },
    {
      name: 'recursive-delete-outside',
      description: 'A whole folder or a wildcard is deleted outside the allowed folders.',
      condition:
        'action.kind == "file" && action.operation == "delete" && (file.recursive || file.wildcard) && file.outsideRoots',
      action: 'deny',
      severity: 'critical',
      message: 'This would delete a whole folder, or everything that a wildcard matches, outside the allowed folders.',
      alternative: 'Delete only inside the allowed folders, single files by their names.',
    },
  ],
};

export const SECRETS_PROTECTION: PolicyTemplate = {
  id: 'secrets-protection',
  name: 'Secrets Protection',
  description: 'Prevents exposure of credentials',
  category: 'security',
  requires: ['detectors for secrets: keys and passwords inside file contents, requests and results are not found yet'],
  rules: [
    {
      name: 'credential-path',
      description: 'A path is a place where credentials live.',
      condition: 'file.credentialPlace',
      action: 'deny',
      severity: 'critical',
      message: 'The path is a place where credentials live, such as `.ssh`, `.aws` or `.env`.',
      alternative: 'Ask an operator for a connection that holds the credential; the agent then never sees it.',
    },
    {
      name: 'credentials-in-url',
      description: 'The URL holds a user name or a password.',
      condition: 'url.hasCredentials',
      action: 'deny',
      severity: 'high',
      message: 'The URL holds a user name or a password, which ends up in logs and referrers.',
      alternative: 'Leave them out and use a connection, or an `Authorization` header.',
    },
  ],
};

export const RATE_LIMITING: PolicyTemplate = {
  id: 'rate-limiting',
  name: 'Rate Limiting',
  description: 'Prevents resource abuse through rate limits',
  category: 'operational',
  requires: [
    'SQL, e-mail and chat connections: limits for queries and messages are not there yet',
    'counters for equal, running and failed actions: loops and failure storms are not stopped yet',
  ],
  rules: [
    {
      name: 'http-per-minute',
      description: `More than ${MAX_HTTP} HTTP requests in 60 seconds.`,
      condition: `action.kind == "http" && rate.http1m >= ${MAX_HTTP}`,
      action: 'deny',
      severity: 'high',
      message: `The agent made ${MAX_HTTP} HTTP requests in the last 60 seconds, as many as it may. A request is free again 60 seconds after the oldest of them at the latest: retry then.`,
      alternative: 'Fetch several things in one request, or spread the requests over a longer time.',
    },
    {
      name: 'writes-per-minute',
      description: `More than ${MAX_WRITES} side effects in 60 seconds.`,
      condition: `action.sideEffect != "none" && rate.writes1m >= ${MAX_WRITES}`,
      action: 'deny',
      severity: 'high',
      message: `The agent changed something ${MAX_WRITES} times in the last 60 seconds, as often as it may. A change is free again 60 seconds after the oldest of them at the latest: retry then.`,
      alternative:
        'Write several things at once, such as one file with all rows, or spread the changes over a longer time.',
    },
  ],
};
