export type { AgentHistory } from './agent-history.ts';
export { listAuthors, TEST_VERDICTS, type AgentRecord, type AgentVersion, type TestVerdict } from './agent.ts';
export { AgentsModule } from './agents.module.ts';
export { AgentsService } from './agents.service.ts';
export type { AgentPage, AgentSummary, ListAgentsQuery } from './list-agents.ts';
