// node build.mjs PROJECT…: makes JavaScript of generated projects, without checking types.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };
for (const project of process.argv.slice(2)) {
  for (const name of readdirSync(join(project, 'src'), { recursive: true })) {
    if (!name.endsWith('.ts')) {
      continue;
    }
    const target = join(project, 'dist', name.replace(/ts$/, 'js'));
    mkdirSync(dirname(target), { recursive: true });
    const source = readFileSync(join(project, 'src', name), 'utf8');
    writeFileSync(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
}
