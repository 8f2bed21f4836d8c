// node clients.mjs PROJECT: tries to get past the limits with forged headers, behind no
// proxy, one and two; and behind nginx, where there is one.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask, fault, finish, freePort, start, stop } from './service.mjs';

const project = process.argv[2];
const many = 12;
const most = 5;
const json = { 'content-type': 'application/json' };

// Headers of the i-th request, and how many clients they come from.
const cases = [
  ['no proxy: X-Forwarded-For is nothing', {}, (i) => ({ 'x-forwarded-for': `9.9.9.${i}` }), 1],
  ['no proxy: Forwarded is nothing', {}, (i) => ({ forwarded: `for=9.9.9.${i}` }), 1],
  ['0 proxies', { TRUST_PROXY: '0' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}` }), 1],
  ['empty is not set', { TRUST_PROXY: '' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}` }), 1],
  ['1 proxy: many clients', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}` }), many],
  ['1 proxy: one forges', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}, 203.0.113.7` }), 1],
  ['1 proxy: source ports', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `203.0.113.7:${5000 + i}` }), 1],
  ['1 proxy: source ports of IPv6', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `[2001:db8::7]:${5000 + i}` }), 1],
  ['1 proxy: one network of IPv6', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `2001:db8:0:1:${i}::${i}` }), 1],
  ['1 proxy: many networks of IPv6', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `2001:db8:0:${i}::1` }), many],
  ['1 proxy: IPv4 as IPv6', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': i % 2 ? '::ffff:203.0.113.7' : '203.0.113.7' }), 1],
  ['1 proxy: no addresses', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `name${i}` }), 1],
  ['1 proxy: zones', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `fe80::1%eth${i}` }), 1],
  ['1 proxy: Forwarded', { TRUST_PROXY: '1' }, (i) => ({ forwarded: `for=9.9.9.${i};proto=https` }), many],
  ['1 proxy: Forwarded, forged', { TRUST_PROXY: '1' }, (i) => ({ forwarded: `for=9.9.9.${i}, for="[2001:db8::7]:${5000 + i}"` }), 1],
  ['1 proxy: Forwarded, a quoted comma', { TRUST_PROXY: '1' }, (i) => ({ forwarded: `for=203.0.113.7;by=", for=9.9.9.${i}"` }), 1],
  ['1 proxy: Forwarded beside X-Forwarded-For', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': '203.0.113.7', forwarded: `for=9.9.9.${i}` }), 1],
  ['1 proxy: X-Forwarded-For beside Forwarded', { TRUST_PROXY: '1' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}`, forwarded: 'for=203.0.113.7' }), 1],
  ['2 proxies: many clients', { TRUST_PROXY: '2' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}, 10.0.0.1` }), many],
  ['2 proxies: one forges', { TRUST_PROXY: '2' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}, 203.0.113.7, 10.0.0.1` }), 1],
  ['a list without us', { TRUST_PROXY: '10.0.0.0/8' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}` }), 1],
  ['a list: many clients', { TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}, 10.0.0.1` }), many],
  ['a list: one forges', { TRUST_PROXY: '127.0.0.1,10.0.0.0/8' }, (i) => ({ 'x-forwarded-for': `9.9.9.${i}, 203.0.113.7, 10.0.0.1` }), 1],
];

/** How many of the requests get past the limit of the server, or of an operation. */
async function passing(server, limit, headersOf, prefix = '') {
  let passed = 0;
  for (let i = 1; i <= many; i += 1) {
    const headers = headersOf(i);
    const { status } =
      limit === 'server'
        ? await ask(server, 'GET', `${prefix}/open`, headers)
        : await ask(server, 'POST', `${prefix}/login`, { ...headers, ...json }, '{}');
    passed += status === 429 ? 0 : 1;
  }
  return passed;
}

for (const [name, env, headersOf, clients] of cases) {
  for (const [limit, max] of [
    ['server', String(most)],
    ['operation', '0'],
  ]) {
    const server = await start(project, { ...env, RATE_LIMIT_MAX: max });
    const passed = await passing(server, limit, headersOf);
    if (passed !== (clients === 1 ? most : many)) {
      fault(`${name}: ${passed} of ${many} requests got past the limit of the ${limit}`);
    }
    await stop(server);
  }
}

// A real proxy: what it writes is right, what clients write before it is not.
if (spawnSync('nginx', ['-v']).status === 0) {
  const server = await start(project, { RATE_LIMIT_MAX: String(most), TRUST_PROXY: '1' });
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {} http { access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${folder};`).join(' ')}
server { listen 127.0.0.1:${port}; location / {
proxy_pass http://127.0.0.1:${server.port}; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } } }`,
  );
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  for (let left = 100; left > 0; left -= 1) {
    try {
      await ask({ port }, 'GET', '/health');
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  for (const header of ['x-forwarded-for', 'forwarded']) {
    const value = (i) => (header === 'forwarded' ? `for=9.9.9.${i}` : `9.9.9.${i}`);
    const passed = await passing({ port }, 'server', (i) => ({ [header]: value(i) }));
    if (passed > most) {
      fault(`nginx: ${passed} of ${many} requests got past the limit with ${header}`);
    }
  }
  nginx.kill();
  await stop(server);
  rmSync(folder, { recursive: true });
} else {
  console.log('nginx is not here: not tried');
}

// A flood of addresses takes no more memory than so many clients, and those who come in
// between are still counted.
const { createLimiter, mostClients } = await import(pathToFileURL(join(project, 'dist/middleware/ratelimit.js')));
const count = createLimiter(1, 900);
const flood = (size, name) => {
  for (let i = 0; i < size; i += 1) {
    count(`${name} ${i}`);
  }
};
count('first');
flood(mostClients - 1, 'a');
if (count('first').allowed) {
  fault(`a client is forgotten after ${mostClients - 1} others`);
}
flood(mostClients, 'b');
if (!count('first').allowed) {
  fault(`more than ${mostClients} clients are kept`);
}
finish();
