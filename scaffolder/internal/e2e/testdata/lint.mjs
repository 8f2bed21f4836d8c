// node lint.mjs PROJECT…: lints projects by the configuration that each of them has. A text
// that was linted in one of them is not linted again: what it imports is the same, too, or
// its types are, or else the compilers say so.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { ESLint } = createRequire(join(process.cwd(), 'package.json'))('eslint');
const seen = new Set();
for (const project of process.argv.slice(2)) {
  const files = readdirSync(join(project, 'src'), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(project, 'src', name))
    .filter((file) => {
      const text = readFileSync(file, 'utf8');
      return !seen.has(text) && seen.add(text);
    });
  // Where several projects are linted by one process, the parser must be told which it is.
  const overrideConfig = { languageOptions: { parserOptions: { tsconfigRootDir: project } } };
  const eslint = new ESLint({ cwd: project, overrideConfig });
  const results = await eslint.lintFiles(files);
  if (results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0)) {
    console.log((await eslint.loadFormatter('stylish')).format(results));
    process.exitCode = 1;
  }
  console.log(`${project}: ${results.length} files linted`);
}
