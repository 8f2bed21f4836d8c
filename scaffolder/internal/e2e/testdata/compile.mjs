// node compile.mjs PROJECT…: type-checks and builds projects with the TypeScript that
// the first of them has, and reads each declaration file only once.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const projects = process.argv.slice(2);
const ts = createRequire(join(projects[0], 'package.json'))('typescript');
const sources = new Map();
let failures = 0;

for (const project of projects) {
  const config = ts.getParsedCommandLineOfConfigFile(join(project, 'tsconfig.json'), {}, ts.sys);
  const host = ts.createCompilerHost(config.options);
  const readSource = host.getSourceFile;
  host.getSourceFile = (name, options, ...rest) => {
    if (!name.includes('/node_modules/')) {
      return readSource(name, options, ...rest);
    }
    const key = `${name} ${options.impliedNodeFormat}`;
    if (!sources.has(key)) {
      sources.set(key, readSource(name, options, ...rest));
    }
    return sources.get(key);
  };
  const program = ts.createProgram({
    rootNames: config.fileNames,
    options: config.options,
    host,
  });
  const found = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (found.length > 0) {
    failures += 1;
    console.log(`${project}:\n${ts.formatDiagnostics(found, host)}`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
