import { type ReactNode, useEffect, useState } from 'react';
import { toDuration } from './time.ts';

interface CountdownProps {
  /** ISO 8601, by the server's clock. */
  readonly until: string;
  /** The server's time when the answer came, and `performance.now()` of that moment. */
  readonly now: string;
  readonly receivedAt: number;
}

export function Countdown({ until, now, receivedAt }: CountdownProps): ReactNode {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const tick = (): void => setElapsed(performance.now() - receivedAt);
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [receivedAt]);
  const left = Date.parse(until) - Date.parse(now) - elapsed;
  const isSoon = left < 15 * 60_000;
  return (
    <span className={isSoon ? 'countdown soon' : 'countdown'} role="timer">
      {left > 0 ? `${toDuration(left)} left` : 'time is over'}
    </span>
  );
}
