// node packages.mjs PACKAGES PROJECT…: what generated projects install, as the lock file of
// PACKAGES has it. Each package has a licence of the list, and runs on each version of
// Node.js that the project says it runs on.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [packages, ...projects] = process.argv.slice(2);
const semver = createRequire(join(packages, 'package.json'))('semver');
const { packages: locked } = JSON.parse(readFileSync(join(packages, 'package-lock.json'), 'utf8'));

/** What may stand in a server that a company owns: all of these ask for their notice, and no more. */
const accepted = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']);
/** For tools that are run and never shipped. */
const acceptedTools = new Set([...accepted, 'Python-2.0']);
const versions = ['20.20.0', '22.22.0', '24.11.0'];
let faults = 0;

/** The licence of a package; old ones have a list of them, which the lock file leaves out. */
function licenceOf(path) {
  const { licenses = [] } = JSON.parse(readFileSync(join(packages, path, 'package.json'), 'utf8'));
  return locked[path].license ?? (licenses.length === 1 ? licenses[0].type : undefined);
}

/** Where node finds a package from another one. */
function found(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (path in locked || at === '') {
      return path in locked ? path : undefined;
    }
  }
}

/** The names of packages with all that they bring. */
function closure(names) {
  const all = new Set();
  const add = (from, name) => {
    const path = found(from, name);
    if (path === undefined || all.has(path)) {
      return path !== undefined;
    }
    all.add(path);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = locked[path];
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      add(path, each);
    }
    return true;
  };
  const missing = names.filter((name) => !add('', name));
  return { all, missing };
}

function fault(...words) {
  faults += 1;
  console.log(...words);
}

for (const project of projects) {
  const { name, engines, dependencies, devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  for (const [wanted, list] of [[dependencies, accepted], [devDependencies, acceptedTools]]) {
    const { all, missing } = closure(Object.keys(wanted));
    for (const each of missing) {
      fault(`${project}: ${each} is not in the lock file of the tests`);
    }
    for (const [each, version] of Object.entries(wanted)) {
      if (locked[`node_modules/${each}`]?.version !== version) {
        fault(`${project}: ${each} ${version} is not the version that is tested`);
      }
    }
    for (const path of all) {
      const { engines: asks } = locked[path];
      if (!list.has(licenceOf(path))) {
        fault(`${path}, of ${name}, has the licence ${licenceOf(path)}`);
      }
      for (const version of versions) {
        if (semver.satisfies(version, engines.node) && !semver.satisfies(version, asks?.node ?? '*')) {
          fault(`${path} asks for Node.js ${asks.node}, and ${project} says ${engines.node}`);
        }
      }
    }
    console.log(project.split('/').at(-1), all.size);
  }
}
process.exit(faults === 0 ? 0 : 1);
