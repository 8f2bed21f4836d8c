// node slow.mjs PROJECT: a body that comes in too slowly ends at REQUEST_TIMEOUT, and the
// server answers others meanwhile. Between two requests a connection stays open for longer
// than a proxy would keep it.
import { connect } from 'node:net';
import { ask, fault, finish, start, stop } from './service.mjs';

const project = process.argv[2];
const timeout = 2;
const server = await start(project, { REQUEST_TIMEOUT: `${timeout}s` });

/** Sends the head, and then one byte every 200 ms, until the server has had enough. */
function trickle(head) {
  return new Promise((resolve) => {
    const begin = performance.now();
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(head));
    const drops = setInterval(() => socket.write(' '), 200);
    socket.on('data', (data) => (answer += data));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drops);
      resolve({ seconds: (performance.now() - begin) / 1000, answer });
    });
  });
}

const kinds = {
  body: 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{',
  chunks: 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nFFFF\r\n{',
  upload: 'POST /upload HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000\r\n\r\n--b\r\n',
  'a body that nobody reads': 'POST /open HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\nx',
  head: 'POST /login HTTP/1.1\r\nhost: x\r\nx-more: ',
};
const found = await Promise.all(
  Object.entries(kinds).map(async ([name, head]) => ({ name, ...(await trickle(head)) })),
);
for (const { name, seconds, answer } of found) {
  // Not before, or else right requests end; and not much later: node looks once a second.
  if (seconds > timeout + 5 || (seconds < timeout - 0.5 && !/^HTTP\/1.1 40[45]/.test(answer))) {
    fault(`${name}: ended after ${seconds.toFixed(1)} s with ${answer.slice(0, 100)}`);
  }
}
const { status, headers } = await ask(server, 'GET', '/open', { connection: 'keep-alive' });
if (status !== 200) {
  fault(`others get ${status}`);
}
if (headers['keep-alive'] !== 'timeout=72') {
  fault(`connections stay open for ${headers['keep-alive']}`);
}
await stop(server);
finish();
