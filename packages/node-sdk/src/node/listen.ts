import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import type { Listen } from '../platform.ts';

/** Reads a response that does not end, over a connection that does not keep the process alive, which fetch cannot. */
export const listen: Listen = (url, headers, { onText, onEnd }) => {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  const request = get(url, { headers, agent: false }, (response) => {
    if (response.statusCode !== 200) {
      response.resume();
      request.destroy();
      return onEnd();
    }
    response.setEncoding('utf8');
    response.on('data', onText);
    response.once('close', onEnd);
    response.once('error', onEnd);
  });
  request.once('socket', (socket) => socket.unref());
  request.once('error', onEnd);
  return () => void request.destroy();
};
