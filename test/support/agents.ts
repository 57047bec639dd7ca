import type { Json, Session } from './mcp-client.ts';

const STEP = { name: 'look', action: 'file.list', params: { path: '.' } };

/** Creates an agent with real tools and returns its id. Default: one harmless step and no policy but the mandatory ones. */
export async function createAgent(session: Session, more: Json = {}): Promise<string> {
  const { text, structured, isError } = await session.call('create_agent', {
    description: 'Look after the files',
    steps: [STEP],
    policies: [],
    ...more,
  });
  if (isError) throw new Error(text);
  return (structured['agent'] as { id: string }).id;
}

export async function perform(
  session: Session,
  agentId: string,
  action: string,
  params: Json,
  more: Json = {},
): ReturnType<Session['call']> {
  return session.call('perform_action', { agentId, action, params, ...more });
}

/** Reads a run until it has ended or waits for a person; the jobs of the server move it on. */
export async function finishRun(session: Session, runId: string): Promise<Json> {
  for (;;) {
    const { text, structured, isError } = await session.call('get_run', { runId });
    if (isError) throw new Error(text);
    const run = structured['run'] as Json;
    if (run['status'] !== 'queued' && run['status'] !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
