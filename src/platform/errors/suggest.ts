/** The names nearest to `wanted`, best first: what "did you mean" shows. At most three, none when nothing is near. */
export function suggest(wanted: string, names: Iterable<string>): string[] {
  const target = wanted.toLowerCase().slice(0, 80);
  const limit = Math.max(2, Math.floor(target.length / 3));
  const scored = [...names].map((name) => ({ name, score: distanceTo(target, name.toLowerCase()) }));
  const best = Math.min(limit, ...scored.map(({ score }) => score));
  return scored
    .filter(({ score }) => score <= Math.min(limit, best + 1))
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

function distanceTo(target: string, name: string): number {
  if (target.length > 2 && (name.includes(target) || target.includes(name))) return 1;
  return editDistance(target, name);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The part of a message that helps: `Did you mean a or b?`, else the valid values. */
export function hint(wanted: string, names: Iterable<string>): string {
  const all = [...names];
  const near = suggest(wanted, all);
  return near.length > 0 ? `Did you mean ${near.map((n) => `\`${n}\``).join(' or ')}?` : `Valid: ${all.join(', ')}.`;
}
