import { afterEach, describe, expect, it, vi } from 'vitest';
import { adoptIds, type IdSource } from './index.ts';

const DEVICE = '5e3f1b2a-1111-4222-8333-944445555666';

interface Stored {
  cookie?: string;
  local?: Record<string, string>;
}

/** What is adopted of a page with this storage. */
function adopt(sources: IdSource[], { cookie = '', local = {} }: Stored) {
  vi.stubGlobal('document', { cookie });
  vi.stubGlobal('localStorage', local);
  return adoptIds(sources);
}

afterEach(() => vi.unstubAllGlobals());

const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
const amplitude = (value: unknown): string => btoa(json(value));

describe('adoptIds', () => {
  it.each<[string, IdSource, Stored, object]>([
    [
      'Segment, cookies',
      'segment',
      { cookie: `a=1; ajs_anonymous_id=${DEVICE}; ajs_user_id=u1` },
      { anonymousId: DEVICE, userId: 'u1' },
    ],
    [
      'Segment, cookies in quotes',
      'segment',
      { cookie: `ajs_anonymous_id=%22${DEVICE}%22; ajs_user_id=null` },
      { anonymousId: DEVICE },
    ],
    [
      'Segment, localStorage',
      'segment',
      { local: { ajs_anonymous_id: `"${DEVICE}"`, ajs_user_id: '"u1"' } },
      { anonymousId: DEVICE, userId: 'u1' },
    ],
    [
      'PostHog, anonymous',
      'posthog',
      {
        cookie: `ph_phc_key_posthog=${json({ distinct_id: DEVICE, $device_id: DEVICE, $user_state: 'anonymous' })}`,
      },
      { anonymousId: DEVICE },
    ],
    [
      'PostHog, identified',
      'posthog',
      {
        local: {
          ph_phc_key_posthog: JSON.stringify({
            distinct_id: 'u1',
            $device_id: DEVICE,
            $user_state: 'identified',
          }),
        },
      },
      { anonymousId: DEVICE, userId: 'u1' },
    ],
    [
      'PostHog, before $user_state',
      'posthog',
      { local: { ph_phc_key_posthog: JSON.stringify({ distinct_id: 'u1', $device_id: DEVICE }) } },
      { anonymousId: DEVICE, userId: 'u1' },
    ],
    [
      'Amplitude',
      'amplitude',
      {
        cookie: `AMP_MKTG_0123456789=x; AMP_0123456789=${amplitude({ deviceId: DEVICE, userId: 'ü1', sessionId: 7 })}`,
      },
      { anonymousId: DEVICE, userId: 'ü1' },
    ],
    [
      'Amplitude, localStorage',
      'amplitude',
      { local: { AMP_0123456789: JSON.stringify({ deviceId: DEVICE }) } },
      { anonymousId: DEVICE },
    ],
    [
      'Amplitude, before',
      'amplitude',
      { cookie: `amp_012345=${DEVICE}.${btoa('\xc3\xbc1')}..1h0.1h1.0.0.0` },
      { anonymousId: DEVICE, userId: 'ü1' },
    ],
    [
      'Amplitude, before, anonymous',
      'amplitude',
      { cookie: `amp_012345=${DEVICE}...1h0.1h1.0.0.0` },
      { anonymousId: DEVICE },
    ],
    [
      'Mixpanel, anonymous',
      'mixpanel',
      { cookie: `mp_token_mixpanel=${json({ distinct_id: `$device:${DEVICE}`, $device_id: DEVICE })}` },
      { anonymousId: DEVICE },
    ],
    [
      'Mixpanel, identified',
      'mixpanel',
      {
        local: {
          mp_token_mixpanel: JSON.stringify({ distinct_id: 'u1', $device_id: DEVICE, $user_id: 'u1' }),
        },
      },
      { anonymousId: DEVICE, userId: 'u1' },
    ],
    [
      'Mixpanel, before',
      'mixpanel',
      { cookie: `mp_token_mixpanel=${json({ distinct_id: DEVICE })}` },
      { anonymousId: DEVICE },
    ],
  ])('reads %s', (_name, source, stored, expected) => {
    expect(adopt([source], stored)).toEqual(expected);
  });

  it('takes each id of the first source that has it', () => {
    const cookie = `ajs_anonymous_id=${DEVICE}; mp_t_mixpanel=${json({ $device_id: 'other', $user_id: 'u2' })}`;
    expect(adopt(['segment', 'mixpanel'], { cookie })).toEqual({ anonymousId: DEVICE, userId: 'u2' });
    expect(adopt(['mixpanel', 'segment'], { cookie })).toEqual({ anonymousId: 'other', userId: 'u2' });
  });

  it.each<[string, IdSource, string]>([
    ['nothing', 'segment', ''],
    ['an empty value', 'segment', 'ajs_anonymous_id='],
    ['broken percent signs', 'segment', 'ajs_user_id=%22%E0%A4%A'],
    ['what is no JSON', 'posthog', 'ph_a_posthog=%7Bdistinct'],
    ['JSON that is no object', 'mixpanel', 'mp_a_mixpanel=null'],
    ['ids that are none', 'posthog', `ph_a_posthog=${json({ distinct_id: { a: 1 } })}`],
    ['an id that is too long', 'segment', `ajs_anonymous_id=${'x'.repeat(129)}`],
    ['what is no base64', 'amplitude', 'AMP_0123456789=%%%'],
  ])('takes nothing of %s', (_name, source, cookie) => {
    expect(adopt([source], { cookie })).toEqual({});
  });

  it('takes nothing where storage is blocked', () => {
    vi.stubGlobal('document', {
      get cookie(): string {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
    expect(adoptIds(['segment', 'posthog', 'amplitude', 'mixpanel'])).toEqual({});
  });
});
