import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider } from '@openfeature/web-sdk';
import { afterEach, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../http/server.ts';
import { createFixture } from '../../testing/collector-fixture.ts';
import { SAMPLE } from '../../testing/sample-definitions.ts';

let server: HttpServer | undefined;

afterEach(async () => {
  await OpenFeature.close();
  await server?.close();
});

it("serves OpenFeature's own provider, before and after its context changes", async () => {
  const { app, definitions } = createFixture();
  definitions.put(SAMPLE);
  server = await startHttpServer({ app, host: '127.0.0.1', port: 0 });
  const provider = new OFREPWebProvider({
    baseUrl: server.url,
    headers: [['Authorization', 'Bearer wk_test']],
    cacheMode: 'disabled',
  });
  await OpenFeature.setProviderAndWait(provider as Provider, { targetingKey: 'user-2' });
  const client = OpenFeature.getClient();

  expect(client.getStringDetails('color', 'none')).toMatchObject({
    value: 'green',
    variant: 'treatment',
    reason: 'SPLIT',
    flagMetadata: { reason: 'split', version: 3, experiment: 'checkout', phase: 2 },
  });
  expect(client.getStringDetails('checkout', 'none')).toMatchObject({ value: 'treatment', reason: 'SPLIT' });
  expect(client.getBooleanDetails('banner', false)).toMatchObject({ value: true, reason: 'DEFAULT' });
  expect(client.getBooleanDetails('pay_later', true)).toMatchObject({ value: false, reason: 'DEFAULT' });
  expect(client.getBooleanDetails('gone', true)).toMatchObject({ value: true, reason: 'DISABLED' });
  expect(client.getBooleanDetails('nowhere', true)).toMatchObject({
    value: true,
    errorCode: 'FLAG_NOT_FOUND',
  });

  await OpenFeature.setContext({ targetingKey: 'user-1', fraud_score: 3 });
  expect(client.getStringDetails('color', 'none')).toMatchObject({ value: 'blue', variant: 'control' });
  expect(client.getBooleanDetails('pay_later', false)).toMatchObject({
    value: true,
    reason: 'TARGETING_MATCH',
  });
});
