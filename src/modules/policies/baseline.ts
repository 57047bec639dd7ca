import type { Policy } from '../../kernel/policy/model.ts';

/** In force for every agent, attached or not: what the enforcement point promises whatever else is chosen. */
export const BASELINE: Policy = {
  id: 'baseline',
  name: 'Baseline',
  description: 'Keeps every agent to its declared actions, the allowed folders and public addresses',
  category: 'security',
  rules: [
    {
      name: 'undeclared-type',
      description: 'The agent has neither a step nor a grant for this type of action.',
      condition: '!action.declared',
      action: 'deny',
      severity: 'warning',
      message: 'The agent has neither a step nor a grant for this type of action.',
      alternative: 'Add a step that uses it, or a grant such as `file.*`, and deploy the new version.',
    },
    {
      name: 'path-outside-roots',
      description: 'A path leads outside the allowed folders.',
      condition: 'file.outsideRoots',
      action: 'deny',
      severity: 'critical',
      message: 'The path leads outside the folders that agents may touch.',
      alternative: 'Use a path inside them; an operator widens them with AGENTOS_FILE_ROOTS.',
    },
    {
      name: 'private-address',
      description: 'A request goes to a private, loopback or link-local address that is not on the list.',
      condition: 'url.privateNetwork && !url.allowlisted',
      action: 'deny',
      severity: 'critical',
      message: 'The address is in a private network or on this machine.',
      alternative: 'Use a public address; an operator lets one through with AGENTOS_ALLOWED_HOSTS=host:port.',
    },
    {
      name: 'metadata-address',
      description: 'A request goes to the metadata service of a cloud, which hands out credentials.',
      condition: 'url.metadataService',
      action: 'deny',
      severity: 'critical',
      message: 'The address is the metadata service of a cloud, which hands out credentials; it cannot be allowed.',
      alternative: 'Ask an operator for a connection with the rights that the task needs.',
    },
    {
      name: 'unparsed-url',
      description: 'A URL was given that cannot be read as one.',
      condition: 'url.unparsed',
      action: 'deny',
      severity: 'critical',
      message: 'The URL cannot be read as an http or https URL, so it is not known where the request would go.',
      alternative: 'Write the whole URL, such as `https://example.com/data.json`.',
    },
  ],
};
