import type { ReactNode } from 'react';
import type { ApprovalPage } from '../api.ts';
import { Shown } from '../shown.tsx';

const CHANNELS: Readonly<Record<string, string>> = { email: 'by mail', slack: 'in Slack' };
const STATES: Readonly<Record<string, string>> = {
  pending: 'not sent yet',
  sent: 'sent',
  failed: 'could not be delivered',
  skipped: 'not needed any more',
};

/** Whom a notice about this request has reached; everybody sees the console. */
export function Told({ approval }: { readonly approval: ApprovalPage }): ReactNode {
  const sent = approval.notifications.filter(({ channel }) => channel !== 'console');
  if (sent.length === 0) return null;
  return (
    <section className="card" aria-labelledby="told">
      <h2 id="told">Who was told</h2>
      <ul className="plain-list">
        {sent.map(({ channel, to, status }) => (
          <li key={`${channel} ${to}`}>
            <Shown text={to} />
            <span className="quiet">{`, ${CHANNELS[channel] ?? channel}: ${STATES[status] ?? status}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
