import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { IdCookie } from './cookie.ts';
import { createKeyValues, type KeyValues } from './key-values.ts';
import { createSession } from './session.ts';
import { createVisitor } from './visitor.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function counter(): () => string {
  let count = 0;
  return () => `id${++count}`;
}

const twoTabs = (values: KeyValues = createKeyValues('test:', () => true)) => ({ values, newId: counter() });

/** A cookie that all subdomains share. */
function createFakeCookie(): IdCookie & { id: string | undefined } {
  const cookie: ReturnType<typeof createFakeCookie> = {
    id: undefined,
    readId: () => cookie.id ?? '',
    writeId: (id) => {
      cookie.id = id;
    },
  };
  return cookie;
}

describe('createVisitor', () => {
  it('makes an anonymous id once, and gives it to every tab', () => {
    const { values, newId } = twoTabs();
    const cookie = createFakeCookie();
    const [first, second] = [
      createVisitor(values, cookie, newId, {}),
      createVisitor(values, cookie, newId, {}),
    ];
    expect([first.current(), second.current()]).toEqual([{ anonymousId: 'id1' }, { anonymousId: 'id1' }]);
    expect(cookie.id).toBe('id1');
  });

  it('sees what another tab learned', () => {
    const { values, newId } = twoTabs();
    const cookie = createFakeCookie();
    const [first, second] = [
      createVisitor(values, cookie, newId, {}),
      createVisitor(values, cookie, newId, {}),
    ];
    first.update({ userId: 'u1' });
    first.update({ groupId: 'g1' });
    expect(second.current()).toEqual({ anonymousId: 'id1', userId: 'u1', groupId: 'g1' });
  });

  it('is somebody new after a reset, of whom nothing is known', () => {
    const { values, newId } = twoTabs();
    const visitor = createVisitor(values, createFakeCookie(), newId, {});
    visitor.update({ userId: 'u1', groupId: 'g1', properties: { plan: 'pro' } });
    visitor.startAnew();
    expect(visitor.current()).toEqual({ anonymousId: 'id2' });
  });

  it('believes the cookie where storage of this subdomain is stale', () => {
    const newId = counter();
    const cookie = createFakeCookie();
    const [www, app] = [createKeyValues('www:', () => true), createKeyValues('app:', () => true)];
    const onWww = createVisitor(www, cookie, newId, {});
    onWww.update({ userId: 'u1' });
    createVisitor(app, cookie, newId, {}).startAnew();
    onWww.syncCookie();
    expect(onWww.current()).toEqual({ anonymousId: 'id2' });
  });

  it('reads the cookie when it is told to only, and writes it anew where it is gone', () => {
    const { values, newId } = twoTabs();
    const cookie = createFakeCookie();
    const visitor = createVisitor(values, cookie, newId, {});
    visitor.update({ userId: 'u1' });
    cookie.id = 'other';
    expect(visitor.current()).toEqual({ anonymousId: 'id1', userId: 'u1' });
    cookie.id = undefined;
    visitor.syncCookie();
    expect(cookie.id).toBe('id1');
    expect(visitor.current()).toEqual({ anonymousId: 'id1', userId: 'u1' });
  });

  it('goes on with what is stored where the cookie is gone or blocked', () => {
    const { values, newId } = twoTabs();
    const cookie: IdCookie = { readId: () => '', writeId: () => {} };
    createVisitor(values, cookie, newId, {}).update({ userId: 'u1' });
    expect(createVisitor(values, cookie, newId, {}).current()).toEqual({ anonymousId: 'id1', userId: 'u1' });
  });

  it('adopts ids from elsewhere for a visitor who is new here, and once', () => {
    const { values, newId } = twoTabs();
    const cookie = createFakeCookie();
    const adopted = { anonymousId: 'theirs', userId: 'u7', writeKey: 'wk' };
    const visitor = createVisitor(values, cookie, newId, adopted);
    expect(visitor.current()).toEqual({ anonymousId: 'theirs', userId: 'u7' });
    visitor.startAnew();
    expect(createVisitor(values, cookie, newId, adopted).current()).toEqual({ anonymousId: 'id1' });
  });

  it.each([{ anonymousId: '' }, [], {}])('replaces %j, which is no visitor', (stored) => {
    const { values, newId } = twoTabs();
    values.saveValue('visitor', stored);
    const visitor = createVisitor(values, createFakeCookie(), newId, {});
    expect(visitor.current()).toEqual({ anonymousId: 'id1' });
  });
});

/** Sessions at times of the clock. */
function sessionsOf(values: KeyValues, newId: () => string) {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const session = createSession(values, newId);
  const at = (time: number): string => {
    vi.setSystemTime(time);
    return session.touchSession();
  };
  return { at, reset: session.endSession };
}

describe('createSession', () => {
  it('goes on while no half hour passes without an event', () => {
    const { values, newId } = twoTabs();
    const session = sessionsOf(values, newId);
    const ids = [0, 29, 58, 87].map((minute) => session.at(minute * MINUTE));
    expect(new Set(ids)).toEqual(new Set(['id1']));
  });

  it('ends after 30 minutes without an event', () => {
    const { values, newId } = twoTabs();
    const session = sessionsOf(values, newId);
    expect([session.at(0), session.at(30 * MINUTE)]).toEqual(['id1', 'id2']);
  });

  it('ends after 24 hours of events', () => {
    const { values, newId } = twoTabs();
    const session = sessionsOf(values, newId);
    const ids = Array.from({ length: 24 * 3 + 1 }, (_, index) => session.at(index * 20 * MINUTE));
    expect(ids.indexOf('id2') * 20 * MINUTE).toBe(24 * HOUR);
  });

  it('is one for all tabs, and the activity of each keeps it alive', () => {
    const { values, newId } = twoTabs();
    const [first, second] = [sessionsOf(values, newId), sessionsOf(values, newId)];
    const ids = [first.at(0), second.at(20 * MINUTE), first.at(40 * MINUTE)];
    expect(new Set(ids)).toEqual(new Set(['id1']));
  });

  it('ends when the clock is set back by a day', () => {
    const { values, newId } = twoTabs();
    const session = sessionsOf(values, newId);
    expect([session.at(48 * HOUR), session.at(24 * HOUR), session.at(24 * HOUR + 1)]).toEqual([
      'id1',
      'id2',
      'id2',
    ]);
  });

  it('begins anew after a reset', () => {
    const { values, newId } = twoTabs();
    const session = sessionsOf(values, newId);
    session.at(0);
    session.reset();
    expect(session.at(1)).toBe('id2');
  });
});
