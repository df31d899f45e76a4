import { describe, expect, it } from 'vitest';
import { channelOf } from './channel.ts';
import type { Columns } from './enrich-step.ts';

const at = (columns: Columns): Columns => ({
  url: 'https://shop.example.com/',
  hostname: 'shop.example.com',
  ...columns,
});

const from = (domain: string): Columns => at({ referrer: `https://${domain}/`, referrer_domain: domain });

describe('channelOf', () => {
  it.each<[string | undefined, Columns]>([
    ['direct', at({})],
    ['organic_search', from('google.com')],
    ['organic_search', from('google.co.uk')],
    ['organic_search', from('duckduckgo.com')],
    ['organic_social', from('m.facebook.com')],
    ['organic_social', from('t.co')],
    ['organic_video', from('youtube.com')],
    ['email', from('mail.google.com')],
    ['referral', from('blog.example.org')],
    ['referral', from('notgoogle.com')],
    [undefined, from('shop.example.com')],
    [undefined, {}],
    ['paid_search', { ...from('google.com'), search: '?gclid=1' }],
    ['paid_search', { ...from('shop.example.com'), search: '?a=1&msclkid=1' }],
    ['paid_search', at({ utm_source: 'google', utm_medium: 'cpc' })],
    ['paid_social', at({ utm_source: 'facebook', utm_medium: 'paid_social' })],
    ['paid_other', at({ utm_source: 'somewhere', utm_medium: 'ppc' })],
    ['organic_social', at({ utm_source: 'partner', utm_medium: 'social' })],
    ['email', at({ utm_source: 'june', utm_medium: 'email' })],
    ['email', { utm_source: 'june', utm_medium: 'newsletter' }],
    ['display', at({ utm_source: 'x', utm_medium: 'banner' })],
    ['affiliates', at({ utm_source: 'x', utm_medium: 'affiliate' })],
    ['push', at({ utm_source: 'x', utm_medium: 'web-push' })],
    ['sms', at({ utm_source: 'x', utm_medium: 'sms' })],
    ['campaign', at({ utm_source: 'flyer', utm_campaign: 'june' })],
    ['referral', at({ utm_source: 'partner', utm_medium: 'referral' })],
  ])('says %s of %j', (channel, columns) => {
    expect(channelOf(columns)).toBe(channel);
  });
});
