// node requests.mjs BASE FORM: sends integers that no number of JavaScript holds to a
// server made of service.yaml, and says which ones do not come back. FORM is what
// handlers have: string or bigint.
const [, , base, form] = process.argv;
let bad = 0;
async function put(name, want, body, wanted = [], { path = '/accounts/9007199254740993', headers = {} } = {}) {
  const answer = await fetch(base + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await answer.text();
  const missing = wanted.filter((each) => !text.includes(each));
  if (answer.status !== want || missing.length > 0) {
    bad += 1;
    console.log('FAIL', name, '->', answer.status, text, 'without', missing);
  }
  return answer;
}

const types = `"types":["${form}","${form}","${form}","${form}","number","number","number"]`;
const first = await put(
  'body, path, query, header, cookie',
  200,
  '{"id":9007199254740993,"plain":9007199254740993,"ratio":12345678901234567890}',
  [
    '"id":9007199254740993,',
    '"path":9007199254740993,',
    '"owner":-9223372036854775808,',
    '"session":9223372036854775807,',
    '"ids":[1,9007199254740993]',
    '"after":9007199254740994',
    '"size":10,',
    '"plain":9007199254740992,',
    '"ratio":12345678901234567000',
    types,
  ],
  {
    path: '/accounts/9007199254740993?after=9007199254740994&ids=1&ids=9007199254740993&plain=9007199254740993',
    headers: { 'x-owner': '-9223372036854775808', cookie: 'session=9223372036854775807' },
  },
);
if (first.headers.get('x-id') !== '9007199254740993') {
  bad += 1;
  console.log('FAIL header', first.headers.get('x-id'));
}
const rest = '"plain":1,"ratio":0.5';
for (const [text, want] of [
  ['1', '"id":1,'],
  ['1.0', '"id":1,'],
  ['9.007199254740993e15', '"id":9007199254740993,'],
  ['9007199254740993.0', '"id":9007199254740993,'],
  ['-9223372036854775808', '"id":-9223372036854775808,'],
  ['9223372036854775807', '"id":9223372036854775807,'],
]) {
  await put(`id ${text}`, 200, `{"id":${text},${rest}}`, [want, types]);
}
for (const text of [
  '9223372036854775808',
  '-9223372036854775809',
  '9007199254740993.5',
  '1e19',
  '1e400',
  '123456789012345678901234567890',
  '"9007199254740993"',
  'true',
  'null',
]) {
  // 1e400 is no number at all: the body is refused before its fields are looked at.
  await put(`id ${text}`, 400, `{"id":${text}}`, [text === '1e400' ? 'too large' : '"field":"id"']);
}
for (const [member, ok] of [
  ['"parent":null', true],
  ['"parent":9007199254740993', true],
  ['"even":9007199254740994', true],
  ['"even":9007199254740993', false],
  ['"even":4503599627370497', false],
  ['"below":9007199254740994', true],
  ['"below":9007199254740995', false],
  ['"below":-9007199254740994', true],
  ['"below":-9007199254740995', false],
  ['"choice":9007199254740993', true],
  ['"choice":9007199254740992', false],
  ['"choice":9007199254740994', false],
  ['"int32":9007199254740993', false],
  ['"list":[9007199254740993,9007199254740992]', true],
  ['"list":[9007199254740993,9007199254740993]', false],
  ['"map":{"a":9007199254740993,"__proto__":9007199254740995}', true],
  ['"kids":[{"id":9007199254740993,"kids":[{"id":9007199254740995,"size":10}],"size":10}]', true],
  ['"either":{"big":9007199254740993}', true],
  ['"payment":{"kind":"card","number":9007199254740993}', true],
  ['"payment":{"kind":"card","number":0.5}', false],
]) {
  await put(member, ok ? 200 : 400, `{"id":1,${rest},${member}}`, ok ? [member] : []);
}
// What is no integer of 64 bits stays the number that it always was.
await put('cash', 200, `{"id":1,${rest},"payment":{"kind":"cash","number":9007199254740993}}`, [
  '"number":9007199254740992',
]);
await put('any', 200, `{"id":1,${rest},"any":{"__proto__":1,"n":9007199254740993}}`, [
  '"any":{"__proto__":1,"n":9007199254740992}',
]);
await put('the last of two keys', 200, `{"id":1,${rest},"size":9007199254740993,"size":9007199254740995}`, [
  '"size":9007199254740995',
]);
await put('not JSON', 400, '{"id":9007199254740993', ['must be JSON']);
await put('not JSON', 400, '{"id":09007199254740993}', ['must be JSON']);
await put('default', 200, `{"id":1,${rest}}`, ['"after":9007199254740995', types]);
await put('minimum', 400, `{"id":1}`, ['"field":"after"'], { path: '/accounts/1?after=9007199254740992' });
await put('path', 400, `{"id":1}`, ['"field":"id"'], { path: '/accounts/9223372036854775808' });
const posted = await fetch(base + '/forms', {
  method: 'POST',
  body: new URLSearchParams({ id: '9007199254740993', n: '9007199254740993' }),
});
const text = await posted.text();
if (text !== '9007199254740993') {
  bad += 1;
  console.log('FAIL form', posted.status, text);
}
process.exit(bad > 0 ? 1 : 0);
