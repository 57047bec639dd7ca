import { SlackClient } from '../../platform/chat/index.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Database } from '../../platform/db/index.ts';
import type { AuditService } from '../audit/index.ts';
import { linkByOperator, type LinkedPerson, type SlackAccount } from './slack-accounts.ts';

/** What a command of the operator does, beside a server that runs. */
export async function linkSlackAccount(
  { db, audit, config }: { readonly db: Database; readonly audit: AuditService; readonly config: Config },
  person: LinkedPerson,
  account: SlackAccount,
): Promise<void> {
  await linkByOperator({ db, audit, slack: new SlackClient(config) }, person, account);
}
