import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { APPROVAL_STATUSES } from '../../src/kernel/approval/model.ts';
import { type ApprovalList, type ApprovalStatus, type ApprovalView, listApprovals, serverNow } from './api.ts';
import { Risk } from './approval/reasons.tsx';
import { Countdown } from './countdown.tsx';
import { Page, Problem } from './layout.tsx';
import { Link, navigate, usePlace } from './nav.tsx';
import { toMessage } from './session.tsx';
import { Sentence, Shown } from './shown.tsx';
import { toLocalTime } from './time.ts';
import { usePolled } from './use-polled.ts';
import { STATUS_WORDS, toGroupWords, toQuorumWords } from './words.ts';

const PAGE_SIZE = 50;
const ALL = 'all';

type Filter = ApprovalStatus | typeof ALL;

interface Lists {
  readonly mine: readonly ApprovalView[];
  readonly others: ApprovalList;
  readonly now: string;
}

export function ListScreen(): ReactNode {
  const asked = usePlace().searchParams.get('status') ?? 'pending';
  const filter = [...APPROVAL_STATUSES, ALL].find((each): each is Filter => each === asked) ?? 'pending';
  const load = useCallback((signal: AbortSignal) => loadLists(filter, signal), [filter]);
  const polled = usePolled(load);
  const waiting = polled.data?.mine.length ?? 0;
  return (
    <Page title="Approvals" tabTitle={waiting > 0 ? `(${waiting}) Approvals` : 'Approvals'}>
      <StatusFilter filter={filter} />
      {polled.error !== undefined && (
        <Problem text={`${polled.error.message} It is tried again by itself.`} onRetry={polled.refresh} />
      )}
      <News approvals={filter === 'pending' ? polled.data?.mine : undefined} />
      {polled.data === undefined ? (
        polled.error === undefined && <p className="quiet">Loading…</p>
      ) : (
        <Sections key={filter} filter={filter} lists={polled.data} receivedAt={polled.receivedAt} />
      )}
    </Page>
  );
}

async function loadLists(filter: Filter, signal: AbortSignal): Promise<Lists> {
  const query = { limit: PAGE_SIZE, ...(filter === ALL ? {} : { status: filter }) };
  const [mine, all] = await Promise.all([
    filter === 'pending' ? listApprovals({ ...query, mine: true }, signal) : { approvals: [] },
    listApprovals(query, signal),
  ]);
  const isMine = new Set(mine.approvals.map(({ id }) => id));
  const approvals = all.approvals.filter(({ id }) => !isMine.has(id));
  return { mine: mine.approvals, others: { ...all, approvals }, now: serverNow().toISOString() };
}

function StatusFilter({ filter }: { readonly filter: Filter }): ReactNode {
  const choose = (value: string): void => navigate(value === 'pending' ? '/' : `/?status=${value}`);
  return (
    <p className="filter">
      <label htmlFor="status">Status</label>
      <select id="status" value={filter} onChange={(event) => choose(event.target.value)}>
        {APPROVAL_STATUSES.map((status) => (
          <option key={status} value={status}>
            {STATUS_WORDS[status]}
          </option>
        ))}
        <option value={ALL}>All</option>
      </select>
    </p>
  );
}

/** Says aloud what came in since the page was opened. */
function News({ approvals }: { readonly approvals: readonly ApprovalView[] | undefined }): ReactNode {
  const known = useRef<ReadonlySet<string>>(undefined);
  const [text, setText] = useState('');
  useEffect(() => {
    if (approvals === undefined) return;
    const before = known.current;
    known.current = new Set(approvals.map(({ id }) => id));
    const fresh = before === undefined ? [] : approvals.filter(({ id }) => !before.has(id));
    const [first] = fresh;
    if (first === undefined) return;
    setText(fresh.length === 1 ? `New approval: ${first.description}` : `${fresh.length} new approvals`);
  }, [approvals]);
  return (
    <div className="unseen" role="status">
      <Shown text={text} />
    </div>
  );
}

interface SectionsProps {
  readonly filter: Filter;
  readonly lists: Lists;
  readonly receivedAt: number;
}

function Sections({ filter, lists: { mine, others, now }, receivedAt }: SectionsProps): ReactNode {
  const time = { now, receivedAt };
  if (filter !== 'pending') {
    const empty = <p className="quiet">There are no approvals with this status.</p>;
    return (
      <section aria-labelledby="found">
        <h2 id="found" className="unseen">
          {filter === ALL ? 'All approvals' : STATUS_WORDS[filter]}
        </h2>
        <Rows list={others} time={time} query={filter === ALL ? {} : { status: filter }} empty={empty} />
      </section>
    );
  }
  return (
    <>
      <section aria-labelledby="mine">
        <h2 id="mine">
          Waiting for you <span className="count">{mine.length}</span>
        </h2>
        {mine.length === 0 ? <Empty /> : <Rows list={{ approvals: mine }} time={time} />}
      </section>
      {others.approvals.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others">Waiting for others</h2>
          <Rows list={others} time={time} query={{ status: 'pending' }} />
        </section>
      )}
    </>
  );
}

function Empty(): ReactNode {
  return (
    <div className="empty">
      <p>
        <strong>Nothing waits for your answer.</strong>
      </p>
      <p className="quiet">
        When an agent wants to do something that its policies hold, it appears here within seconds. You can leave this
        page open. To see what was decided before, choose another status above.
      </p>
    </div>
  );
}

interface RowsProps {
  readonly list: ApprovalList;
  readonly time: { readonly now: string; readonly receivedAt: number };
  /** For what comes after the first page. */
  readonly query?: { readonly status?: ApprovalStatus };
  readonly empty?: ReactNode;
}

function Rows({ list, time, query, empty }: RowsProps): ReactNode {
  const [more, setMore] = useState<ApprovalList>();
  const [problem, setProblem] = useState<string>();
  const cursor = (more ?? list).nextCursor;
  const loadMore = async (): Promise<void> => {
    if (cursor === undefined) return;
    try {
      const next = await listApprovals({ ...query, cursor, limit: PAGE_SIZE });
      setMore({ ...next, approvals: [...(more?.approvals ?? []), ...next.approvals] });
      setProblem(undefined);
    } catch (error) {
      setProblem(toMessage(error));
    }
  };
  const first = new Set(list.approvals.map(({ id }) => id));
  const rows = [...list.approvals, ...(more?.approvals ?? []).filter(({ id }) => !first.has(id))];
  if (rows.length === 0) return empty;
  return (
    <>
      <ul className="rows">
        {rows.map((approval) => (
          <Row key={approval.id} approval={approval} time={time} />
        ))}
      </ul>
      {problem !== undefined && <Problem text={problem} />}
      {query !== undefined && cursor !== undefined && (
        <button type="button" className="plain" onClick={() => void loadMore()}>
          Show more
        </button>
      )}
    </>
  );
}

function Row({ approval, time }: { readonly approval: ApprovalView; readonly time: RowsProps['time'] }): ReactNode {
  const { id, description, action, target, agentName, requestedBy, onBehalfOf, riskLevel, status } = approval;
  return (
    <li className={`row ${riskLevel}`}>
      <div className="what">
        <h3>
          <Link to={`/approvals/${id}`}>
            <Sentence text={description} />
          </Link>
        </h3>
        <p className="quiet">
          <code>
            <Shown text={action} />
          </code>
          {target !== '' && (
            <>
              {' on '}
              <Shown text={target} />
            </>
          )}
        </p>
        <p className="quiet">
          Agent <Shown text={agentName} />, asked by <Shown text={onBehalfOf ?? requestedBy} />
        </p>
      </div>
      <div className="state">
        <Risk level={riskLevel} />
        {status === 'pending' ? (
          <>
            <Countdown until={approval.expiresAt} {...time} />
            <span className="quiet">{`${toQuorumWords(approval)}${toGroupWords(approval)}`}</span>
          </>
        ) : (
          <>
            <span className={`badge status ${status}`}>{STATUS_WORDS[status]}</span>
            <span className="quiet">{toLocalTime(approval.resolvedAt ?? approval.createdAt)}</span>
          </>
        )}
      </div>
    </li>
  );
}
