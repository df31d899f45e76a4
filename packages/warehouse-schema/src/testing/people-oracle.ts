/** For tests: an identify or alias as an event says it. */
export interface LinkEvent {
  type: 'identify' | 'alias';
  anonymous_id: string;
  previous_id: string;
  user_id: string;
  timestamp: number;
}

const NOBODY =
  ' |""|null|undefined|guest|anonymous|none|nil|nan|0|-1|true|false|unknown|[object object]|not_authenticated'.split(
    '|',
  );
const isNobody = (id: string) => id.trim() === '' || NOBODY.includes(id.trim().toLowerCase());

/**
 * For tests: who each linked id is, by the words of docs/people.md and without any thought of speed; ids that are their
 * own person are left out.
 */
export function peopleOracle(events: readonly LinkEvent[]): Map<string, string> {
  const links = events
    .map(({ type, anonymous_id, previous_id, user_id: to, timestamp: at }) => {
      const from = type === 'identify' ? anonymous_id : previous_id;
      return { identifies: type === 'identify' || previous_id === anonymous_id, from, to, at };
    })
    .filter(({ from, to }) => from !== to && !isNobody(from) && !isNobody(to));
  const ids = [...new Set(links.flatMap(({ from, to }) => [from, to]))];
  const isUser = (id: string) => links.some(({ to }) => to === id);
  const isAnonymous = (id: string) => !isUser(id) && links.some((one) => one.identifies && one.from === id);
  const known = (id: string) =>
    Math.min(...links.filter(({ from, to }) => from === id || to === id).map(({ at }) => at));
  const before = (a: [number, string], b: [number, string]) =>
    a[0] - b[0] || Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1]));

  const joined = new Map(ids.map((id) => [id, new Set([id])]));
  for (let grew = true; grew; ) {
    grew = false;
    for (const { identifies, from, to } of links) {
      if (identifies || isAnonymous(from)) continue;
      const both = new Set([...(joined.get(from) ?? []), ...(joined.get(to) ?? [])]);
      for (const id of both) {
        if (joined.get(id)?.size === both.size) continue;
        joined.set(id, both);
        grew = true;
      }
    }
  }
  const nameOf = (user: string) =>
    [...(joined.get(user) ?? [user])].map((id): [number, string] => [known(id), id]).sort(before)[0]?.[1];
  const persons = ids.map((id): [string, string] => {
    if (!isAnonymous(id)) return [id, nameOf(id) ?? id];
    const claims = links.filter(({ from }) => from === id).map(({ at, to }): [number, string] => [at, to]);
    return [id, nameOf(claims.sort(before)[0]?.[1] ?? id) ?? id];
  });
  return new Map(persons.filter(([id, person]) => id !== person));
}
