const FILE_TYPES = ['file.list', 'file.read', 'file.write', 'file.move', 'file.delete'];
const HTTP_TYPES = ['http.request'];
const WRITING_TYPES = [
  'file.write',
  'file.move',
  'file.delete',
  'sql.execute',
  'email.send',
  'slack.post',
  'storage.put',
  'storage.delete',
  'code.run',
  'mcp.call',
];

/** Whether a grant (`file.read`, or `file.*` for a family) covers a type. */
function covers(grant: string, type: string): boolean {
  return grant === type || (grant.endsWith('.*') && type.startsWith(grant.slice(0, -1)));
}

export interface Recommendation {
  readonly id: string;
  readonly reason: string;
}

/** The policies that fit what an agent may do, by the types of its steps and its grants. */
export function recommend(types: readonly string[], grants: readonly string[]): Recommendation[] {
  const may = (wanted: readonly string[]): boolean =>
    wanted.some((type) => types.includes(type) || grants.some((grant) => covers(grant, type)));
  const recommended: Recommendation[] = [];
  if (may(HTTP_TYPES))
    recommended.push({ id: 'rate-limiting', reason: 'At most 100 HTTP requests and 60 changes a minute' });
  else if (may(WRITING_TYPES)) recommended.push({ id: 'rate-limiting', reason: 'At most 60 changes a minute' });
  if (may(['file.delete'])) {
    recommended.push({ id: 'data-deletion', reason: 'Deleting whole folders or by wildcard waits for an approval' });
  }
  if (may([...FILE_TYPES, ...HTTP_TYPES])) {
    recommended.push({
      id: 'secrets-protection',
      reason: 'Places where credentials live and passwords in URLs are refused',
    });
  }
  return recommended;
}
