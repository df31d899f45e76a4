import { describe, expect, it } from 'vitest';
import { createIdentity } from './identity.ts';
import { createKeyValues, type KeyValues } from './key-values.ts';
import { createSession } from './session.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function counter(): () => string {
  let count = 0;
  return () => `id${++count}`;
}

const twoTabs = (values: KeyValues = createKeyValues('test:')) => ({ values, newId: counter() });

describe('createIdentity', () => {
  it('makes an anonymous id once, and gives it to every tab', () => {
    const { values, newId } = twoTabs();
    const [first, second] = [createIdentity(values, newId), createIdentity(values, newId)];
    expect([first.current(), second.current()]).toEqual([{ anonymousId: 'id1' }, { anonymousId: 'id1' }]);
  });

  it('sees what another tab learned', () => {
    const { values, newId } = twoTabs();
    const [first, second] = [createIdentity(values, newId), createIdentity(values, newId)];
    first.update({ userId: 'u1' });
    first.update({ groupId: 'g1' });
    expect(second.current()).toEqual({ anonymousId: 'id1', userId: 'u1', groupId: 'g1' });
  });

  it('is somebody new after a reset', () => {
    const { values, newId } = twoTabs();
    const identity = createIdentity(values, newId);
    identity.update({ userId: 'u1' });
    identity.reset();
    expect(identity.current()).toEqual({ anonymousId: 'id2' });
  });

  it.each([{ anonymousId: 7 }, { anonymousId: '' }, []])('replaces %j, which is no identity', (stored) => {
    const { values, newId } = twoTabs();
    values.set('identity', stored);
    expect(createIdentity(values, newId).current()).toEqual({ anonymousId: 'id1' });
  });
});

describe('createSession', () => {
  it('goes on while no half hour passes without an event', () => {
    const { values, newId } = twoTabs();
    const session = createSession(values, newId);
    const ids = [0, 29, 58, 87].map((minute) => session.at(minute * MINUTE));
    expect(new Set(ids)).toEqual(new Set(['id1']));
  });

  it('ends after 30 minutes without an event', () => {
    const { values, newId } = twoTabs();
    const session = createSession(values, newId);
    expect([session.at(0), session.at(30 * MINUTE)]).toEqual(['id1', 'id2']);
  });

  it('ends after 24 hours of events', () => {
    const { values, newId } = twoTabs();
    const session = createSession(values, newId);
    const ids = Array.from({ length: 24 * 3 + 1 }, (_, index) => session.at(index * 20 * MINUTE));
    expect(ids.indexOf('id2') * 20 * MINUTE).toBe(24 * HOUR);
  });

  it('is one for all tabs, and the activity of each keeps it alive', () => {
    const { values, newId } = twoTabs();
    const [first, second] = [createSession(values, newId), createSession(values, newId)];
    const ids = [first.at(0), second.at(20 * MINUTE), first.at(40 * MINUTE)];
    expect(new Set(ids)).toEqual(new Set(['id1']));
  });

  it('begins anew after a reset', () => {
    const { values, newId } = twoTabs();
    const session = createSession(values, newId);
    session.at(0);
    session.reset();
    expect(session.at(1)).toBe('id2');
  });
});
