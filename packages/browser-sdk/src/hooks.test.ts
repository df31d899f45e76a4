import { describe, expect, it } from 'vitest';
import { createHooks } from './hooks.ts';

describe('createHooks', () => {
  it('tells every listener of the hook, until it is ended', () => {
    const hooks = createHooks();
    const heard: string[] = [];
    const end = hooks.on('stopped', ({ status }) => heard.push(`first ${status}`));
    hooks.on('stopped', ({ status }) => heard.push(`second ${status}`));
    hooks.on('delivered', () => heard.push('delivered'));
    hooks.emit('stopped', { status: 401 });
    end();
    hooks.emit('stopped', { status: 402 });
    expect(heard).toEqual(['first 401', 'second 401', 'second 402']);
  });

  it('goes on when a listener throws, and leaves the error to the page', async () => {
    const hooks = createHooks();
    const heard: number[] = [];
    const uncaught = new Promise((resolve) => {
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const other of others) process.on('uncaughtException', other);
        resolve(error);
      });
    });
    hooks.on('stopped', () => {
      throw new Error('listener');
    });
    hooks.on('stopped', ({ status }) => heard.push(status));
    hooks.emit('stopped', { status: 403 });
    expect(heard).toEqual([403]);
    expect(await uncaught).toEqual(new Error('listener'));
  });
});
