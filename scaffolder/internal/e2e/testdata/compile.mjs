// node compile.mjs [--stricter] PROJECT…: type-checks and builds projects, which stand beside each
// other, with the TypeScript that the first of them has. They are one program to the
// compiler: what they import is read and understood once. Users may ask for more than the
// projects' own configuration does: --stricter asks for it.
import { renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const flags = process.argv.slice(2);
const projects = flags.filter((flag) => flag !== '--stricter');
const ts = createRequire(join(projects[0], 'package.json'))('typescript');
const stricter = {
  noPropertyAccessFromIndexSignature: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  allowUnreachableCode: false,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
};
const rootDir = dirname(projects[0]);
const outDir = join(rootDir, '.built');
const configs = projects.map((project) =>
  ts.getParsedCommandLineOfConfigFile(join(project, 'tsconfig.json'), {}, ts.sys),
);
const program = ts.createProgram({
  rootNames: configs.flatMap((config) => config.fileNames),
  options: { ...configs[0].options, ...(flags.includes('--stricter') ? stricter : {}), rootDir, outDir },
});
const found = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
if (found.length > 0) {
  console.log(ts.formatDiagnostics(found, ts.createCompilerHost({})));
  process.exitCode = 1;
}
for (const project of projects) {
  rmSync(join(project, 'dist'), { recursive: true, force: true });
  renameSync(join(outDir, basename(project), 'src'), join(project, 'dist'));
}
