/** What can be read and prompted. Static, so that listing needs nothing loaded. */

const JSON_TYPE = 'application/json';

export const RESOURCE_LIST = [
  {
    uri: 'agentos://agents',
    name: 'agents',
    title: 'Agents',
    description: 'The newest 100 agents with their status',
    mimeType: JSON_TYPE,
  },
  {
    uri: 'agentos://policies',
    name: 'policies',
    title: 'Policies',
    description: 'Every policy that can be attached',
    mimeType: JSON_TYPE,
  },
  {
    uri: 'agentos://audit',
    name: 'audit',
    title: 'Audit trail',
    description: 'The newest 100 entries of the last 24 hours',
    mimeType: JSON_TYPE,
  },
  {
    uri: 'agentos://templates',
    name: 'templates',
    title: 'Templates',
    description: 'Ready-made agents and policies',
    mimeType: JSON_TYPE,
  },
  {
    uri: 'agentos://actions',
    name: 'actions',
    title: 'Actions',
    description: 'The catalogue that steps use: every action with the JSON Schema of its params and output',
    mimeType: JSON_TYPE,
  },
  {
    uri: 'agentos://facts',
    name: 'facts',
    title: 'Facts',
    description: 'Every attribute that a rule may look at',
    mimeType: JSON_TYPE,
  },
];

export const RESOURCE_TEMPLATE_LIST = [
  {
    uriTemplate: 'agentos://agents/{id}',
    name: 'agent',
    title: 'Agent',
    description: 'One agent with its latest version',
    mimeType: JSON_TYPE,
  },
  {
    uriTemplate: 'agentos://policies/{id}',
    name: 'policy',
    title: 'Policy',
    description: 'One policy with its rules',
    mimeType: JSON_TYPE,
  },
];

export const PROMPT_LIST = [
  {
    name: 'create_safe_agent',
    title: 'Create a safe agent',
    description: 'Turns a task into an agent with fitting policies, tested before it is deployed',
    arguments: [
      { name: 'task', description: 'What the agent should do, in plain words', required: true },
      { name: 'data_sensitivity', description: 'public, internal, confidential or restricted' },
    ],
  },
  {
    name: 'troubleshoot_agent',
    title: 'Find out why an agent does not work',
    description: 'Looks at status, runs and denied actions of an agent and says what to change',
    arguments: [
      { name: 'agent_id', description: 'Id of the agent', required: true },
      { name: 'issue', description: 'What seems to be wrong' },
    ],
  },
  {
    name: 'review_policies',
    title: 'Review the policies of an agent',
    description: 'Compares what an agent does with what its policies catch',
    arguments: [{ name: 'agent_id', description: 'Id of the agent', required: true }],
  },
];
