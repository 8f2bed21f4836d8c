// Sources as their authors write them: TypeScript by the project's own compiler, paths
// without extensions, .js that means .ts, and the paths of tsconfig.json.
'use strict';

const fs = require('node:fs');
const module_ = require('node:module');
const path = require('node:path');
const { pathToFileURL, fileURLToPath } = require('node:url');
const { createRequire } = module_;

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];
const typed = /\.(ts|tsx|mts|cts|jsx)$/;

function isFile(name) {
  return fs.statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The source that a path means that is not there as it is written. */
function sourceOf(file) {
  const bare = file.replace(/\.([mc]?)js$/, '');
  const names = [file, ...extensions.map((e) => file + e), ...extensions.map((e) => path.join(file, `index${e}`))];
  if (bare !== file) {
    names.push(...['.ts', '.tsx', '.mts', '.cts'].map((e) => bare + e));
  }
  return names.find(isFile);
}

function tsconfig(settings, ts) {
  const file = ts.findConfigFile(path.dirname(settings.entry), ts.sys.fileExists) ?? ts.findConfigFile(settings.root, ts.sys.fileExists);
  if (!file) {
    return {};
  }
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  return { ...ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, path.dirname(file)).options, configFilePath: file };
}

function compiler(settings) {
  try {
    const ts = createRequire(path.join(settings.root, 'package.json'))('typescript');
    if (typeof ts.transpileModule !== 'function') {
      return { ts: undefined, options: {} }; // TypeScript 7 is a program
    }
    return { ts, options: tsconfig(settings, ts) };
  } catch {
    return { ts: undefined, options: {} };
  }
}

/** What a specifier means by the paths of tsconfig.json. */
function mapped(specifier, options) {
  const base = options.baseUrl ?? options.pathsBasePath;
  if (!base || /^[./]|^node:|^file:/.test(specifier)) {
    return undefined;
  }
  for (const [pattern, targets] of Object.entries(options.paths ?? {})) {
    const [head, tail] = pattern.split('*');
    const fits = tail === undefined ? specifier === pattern : specifier.startsWith(head) && specifier.endsWith(tail);
    if (!fits) {
      continue;
    }
    const star = tail === undefined ? '' : specifier.slice(head.length, specifier.length - tail.length);
    for (const target of targets) {
      const found = sourceOf(path.resolve(base, target.replace('*', star)));
      if (found) {
        return found;
      }
    }
  }
  return options.baseUrl ? sourceOf(path.resolve(base, specifier)) : undefined;
}

/** Whether `import * as f` gives what `require` does: the compiler's own word, by its version. */
function interop(ts, options) {
  const modern = options.module >= (ts.ModuleKind.Node16 ?? 100);
  return options.configFilePath === undefined || modern || Number.parseInt(ts.version, 10) >= 6;
}

function transpile({ ts, options }, file, source, format) {
  const commonjs = format === 'commonjs';
  return ts.transpileModule(source, {
    fileName: file,
    compilerOptions: {
      ...options,
      module: commonjs ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: commonjs ? false : options.verbatimModuleSyntax,
      esModuleInterop: options.esModuleInterop ?? interop(ts, options),
      sourceMap: false,
      inlineSourceMap: true,
      declaration: false,
      isolatedModules: true,
      noEmit: false,
    },
  }).outputText;
}

/** Whether a file is CommonJS: by its extension, or the package around it. */
function formatOf(file) {
  if (/\.c[tj]s$/.test(file)) {
    return 'commonjs';
  }
  if (/\.m[tj]s$/.test(file)) {
    return 'module';
  }
  for (let dir = path.dirname(file); ; dir = path.dirname(dir)) {
    const manifest = path.join(dir, 'package.json');
    if (isFile(manifest)) {
      try {
        return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module' ? 'module' : 'commonjs';
      } catch {
        return 'commonjs';
      }
    }
    if (path.dirname(dir) === dir) {
      return 'commonjs';
    }
  }
}

function install(settings) {
  module_.register?.(pathToFileURL(path.join(__dirname, 'hooks.mjs')), { data: { settings } });
  if (!settings.translate) {
    return;
  }
  const tools = compiler(settings);
  const Module = module_.Module ?? module_;
  if (tools.ts) {
    for (const extension of ['.ts', '.tsx', '.cts', '.jsx']) {
      Module._extensions[extension] = (m, file) => m._compile(transpile(tools, file, fs.readFileSync(file, 'utf8'), 'commonjs'), file);
    }
    process.setSourceMapsEnabled?.(true);
  }
  const { _resolveFilename: resolve } = Module;
  Module._resolveFilename = function resolveFilename(request, parent, ...rest) {
    try {
      return resolve.call(this, request, parent, ...rest);
    } catch (error) {
      const own = parent?.filename && /^\.{1,2}(\/|$)/.test(request) ? sourceOf(path.resolve(path.dirname(parent.filename), request)) : mapped(request, tools.options);
      if (own) {
        return own;
      }
      throw error;
    }
  };
}

module.exports = { install, compiler, mapped, sourceOf, transpile, formatOf, typed, fileURLToPath, pathToFileURL };
