// The same for import: node's hooks, in a thread of their own.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const tools = createRequire(import.meta.url)('./resolve.cjs');
let compiler = { ts: undefined, options: {} };
let translate = false;

export function initialize({ settings }) {
  translate = settings.translate;
  if (translate) {
    compiler = tools.compiler(settings);
  }
}

/** Packages whose one function is another one here: import finds what require does. */
const replaced = ['koa-compose', 'koa-mount'];

export async function resolve(specifier, context, next) {
  if (replaced.includes(specifier) && context.parentURL?.startsWith('file:')) {
    const words = new URLSearchParams({ name: specifier, from: context.parentURL });
    return { url: `${new URL('replaced.mjs', import.meta.url).href}?${words}`, format: 'module', shortCircuit: true };
  }
  if (!translate) {
    return next(specifier, context);
  }
  try {
    return await next(specifier, context);
  } catch (error) {
    const parent = context.parentURL?.startsWith('file:') ? tools.fileURLToPath(context.parentURL) : undefined;
    let file;
    if (specifier.startsWith('file:')) {
      file = tools.sourceOf(tools.fileURLToPath(specifier));
    } else if (/^\.{1,2}(\/|$)/.test(specifier) && parent) {
      file = tools.sourceOf(path.resolve(path.dirname(parent), specifier));
    } else {
      file = tools.mapped(specifier, compiler.options);
    }
    if (!file) {
      throw error;
    }
    return { url: tools.pathToFileURL(file).href, format: formatOf(file), shortCircuit: true };
  }
}

function formatOf(file) {
  if (tools.typed.test(file) && !compiler.ts) {
    return undefined; // node strips the types itself, where it can
  }
  return file.endsWith('.json') ? 'json' : tools.formatOf(file);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !tools.typed.test(new URL(url).pathname) || !compiler.ts || !translate) {
    return next(url, context);
  }
  const file = tools.fileURLToPath(url);
  if (tools.formatOf(file) === 'commonjs') {
    return { format: 'commonjs', source: undefined, shortCircuit: true };
  }
  const source = await readFile(file, 'utf8');
  return { format: 'module', source: tools.transpile(compiler, file, source, 'module'), shortCircuit: true };
}
