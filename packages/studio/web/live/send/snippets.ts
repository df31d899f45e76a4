import type { StudioInfo } from '../../../src/studio.ts';

/** Something to paste. */
export interface Snippet {
  id: 'curl' | 'script' | 'npm';
  name: string;
  hint: string;
  text: string;
}

/** What to paste to send an event of one's own to this server. */
export function snippetsFor({ publicUrl, writeKey }: StudioInfo): [Snippet, ...Snippet[]] {
  return [
    {
      id: 'curl',
      name: 'curl',
      hint: 'Paste into a terminal; the event shows up above.',
      text: `curl ${publicUrl}/v1/batch \\
  -H 'Content-Type: application/json' \\
  -d '{
    "writeKey": "${writeKey}",
    "batch": [{
      "type": "track",
      "event": "hello",
      "anonymousId": "me",
      "properties": { "from": "curl" }
    }]
  }'`,
    },
    {
      id: 'script',
      name: 'script',
      hint: 'Paste into the head of any page; it counts page views, and gives you analytics.track().',
      text: `<script src="${publicUrl}/millrace.js" data-write-key="${writeKey}"></script>
<script>
  analytics.track('hello', { from: 'my page' });
</script>`,
    },
    {
      id: 'npm',
      name: 'npm',
      hint: 'The same SDK as a package, from this server.',
      text: `npm install ${publicUrl}/packages/browser-sdk.tgz

import { createAnalytics } from '@millrace/browser-sdk';

const analytics = createAnalytics({
  writeKey: '${writeKey}',
  host: '${publicUrl}',
});
analytics.track('hello', { from: 'my app' });`,
    },
  ];
}
