// node format.mjs PROJECT…: prettier would change nothing in the projects. What stands in
// several of them is looked at once.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const prettier = createRequire(join(process.cwd(), 'package.json'))('prettier');
const seen = new Set();
for (const project of process.argv.slice(2)) {
  const files = readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/\/(dist|\.scaffolder)\/|\/\.scaffolder\.json$/.test(file));
  for (const file of files) {
    const { inferredParser } = await prettier.getFileInfo(file);
    const options = { ...(await prettier.resolveConfig(file)), filepath: file };
    const text = readFileSync(file, 'utf8');
    const key = JSON.stringify([inferredParser, { ...options, filepath: '' }, text]);
    if (inferredParser === null || seen.has(key)) {
      continue;
    }
    seen.add(key);
    if (!(await prettier.check(text, options))) {
      console.log(`prettier would change ${file}`);
      process.exitCode = 1;
    }
  }
}
console.log(`${seen.size} texts`);
process.exitCode ??= seen.size > 0 ? 0 : 1;
