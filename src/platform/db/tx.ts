/** An open transaction. What must be atomic takes it as its first argument. */
export interface Tx {
  /** Runs one statement with `$1` placeholders. int8 comes back as text, timestamptz as Date, bytea as Buffer. */
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Runs `work` once the transaction has committed; never when it rolled back. It must not throw. */
  afterCommit(work: () => void): void;
}
