import type { Alias, Fact, Member } from './people-queries.ts';

/** Tells ids of all projects apart. */
export const keyOf = (projectId: number, id: string): string => `${projectId} ${id}`;

/**
 * Says who each of the users is: aliases make users one person, whose name is the one that the earliest link names, by
 * (time, id as bytes). What the aliases of an anonymous id say is left out: it belongs to one user and joins none. `facts`
 * has every id that `aliases` name.
 */
export function nameUsers(facts: readonly Fact[], aliases: readonly Alias[]): Member[] {
  const groups = new Map<string, Fact>();
  const parents = new Map<string, string>();
  for (const fact of facts) {
    const key = keyOf(fact.project_id, fact.id);
    parents.set(key, key);
    groups.set(key, fact);
  }
  const rootOf = (key: string): string => {
    let root = key;
    for (
      let parent = parents.get(root);
      parent !== undefined && parent !== root;
      parent = parents.get(root)
    ) {
      const above = parents.get(parent) ?? parent;
      parents.set(root, above);
      root = above;
    }
    return root;
  };
  for (const { project_id, from_id, to_id } of aliases) {
    const from = groups.get(keyOf(project_id, from_id));
    const to = groups.get(keyOf(project_id, to_id));
    if (!from || !to || isAnonymous(from)) continue;
    const [a, b] = [rootOf(keyOf(project_id, from_id)), rootOf(keyOf(project_id, to_id))];
    const [first, second] = [groups.get(a), groups.get(b)];
    if (!first || !second || a === b) continue;
    // The root of a group is its name.
    if (isBefore(first, second)) parents.set(b, a);
    else parents.set(a, b);
  }
  return facts.map((fact): Member => {
    const { project_id, id } = fact;
    if (isAnonymous(fact)) return { project_id, id, person: '', role: 'anonymous' };
    const person = groups.get(rootOf(keyOf(project_id, id)))?.id ?? id;
    return { project_id, id, person, role: person === (fact.person || id) ? 'stays' : 'moves' };
  });
}

/** An id that was given to a user, and that nothing was given to. */
function isAnonymous({ is_user, is_identified }: Fact): boolean {
  return is_identified === 1 && is_user === 0;
}

function isBefore(one: Fact, other: Fact): boolean {
  if (one.first_at !== other.first_at) return one.first_at < other.first_at;
  return Buffer.compare(Buffer.from(one.id), Buffer.from(other.id)) < 0;
}
