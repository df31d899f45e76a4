import { describe, expect, it } from 'vitest';
import { readCampaign } from './context.ts';

describe('readCampaign', () => {
  it('reads the utm parameters under the names of the wire', () => {
    const search =
      '?utm_campaign=Spring%20sale&utm_source=mail&utm_medium=a+b&utm_term=t&utm_content=c&utm_id=7&x=1';
    expect(readCampaign(search)).toEqual({
      name: 'Spring sale',
      source: 'mail',
      medium: 'a b',
      term: 't',
      content: 'c',
      id: '7',
    });
  });

  it.each(['', '?q=utm_source', '?utm_source=', '?utm_=7&my_utm_source=x'])(
    'finds none in "%s"',
    (search) => {
      expect(readCampaign(search)).toBeUndefined();
    },
  );

  it('takes the first of a parameter that stands twice', () => {
    expect(readCampaign('?utm_source=first&utm_source=second')).toEqual({ source: 'first' });
  });
});
