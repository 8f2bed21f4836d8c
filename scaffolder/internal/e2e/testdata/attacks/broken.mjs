// node broken.mjs PROJECT: bytes that are no request get an error like every other one, which
// no cache keeps, and their connection ends. Others are answered meanwhile.
import { once } from 'node:events';
import { connect } from 'node:net';
import { ask, fault, finish, start, stop } from './service.mjs';

const project = process.argv[2];
const server = await start(project, { REQUEST_TIMEOUT: '2s' });

/** What comes back for these bytes, until the connection ends. */
async function send(bytes) {
  const socket = connect(server.port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => (text += data));
  socket.on('error', () => undefined);
  socket.write(bytes);
  const late = setTimeout(() => socket.destroy(), 10_000);
  await once(socket, 'close');
  clearTimeout(late);
  return text;
}

const cases = [
  ['no request', 'NONSENSE\r\n\r\n', 400, 'VALIDATION_ERROR'],
  ['TLS', Buffer.from([22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3]), 400, 'VALIDATION_ERROR'],
  ['a large head', `GET /open HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(40_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['two lengths', 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx', 400, 'VALIDATION_ERROR'],
  ['a head that never ends', 'GET /open HTTP/1.1\r\nhost: x\r\nx-more: ', 408, 'REQUEST_TIMEOUT'],
];
for (const [name, bytes, status, code] of cases) {
  const text = await send(bytes);
  const [head, body] = text.split('\r\n\r\n', 2);
  if (!head.startsWith(`HTTP/1.1 ${status} `) || !/\r\ncache-control: no-store(\r\n|$)/i.test(head)) {
    fault(`${name}: ${JSON.stringify(head)}`);
  }
  let answer;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = {};
  }
  if (answer.error?.code !== code || !(answer.meta?.requestId?.length > 0)) {
    fault(`${name}: ${JSON.stringify(body)}`);
  }
  const { status: other } = await ask(server, 'GET', '/open');
  if (other !== 200) {
    fault(`${name}: others get ${other}`);
  }
}
await stop(server);
finish();
