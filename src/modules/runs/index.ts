export type { AgentStatusView } from './agent-status.ts';
export type { DeployRequest, DeployResult } from './deploy-agent.ts';
export type { RunStepView, RunView } from './get-run.ts';
export { RunsModule } from './runs.module.ts';
export { RunsService } from './runs.service.ts';
export type { StartRequest } from './start-run.ts';
export { STOP_MODES, type StopMode } from './stop-agent.ts';
export type { TestReport, TestRequest } from './test-agent.ts';
