// A package as require finds it, with what the preload put there.
import { createRequire } from 'node:module';

const words = new URL(import.meta.url).searchParams;
export default createRequire(words.get('from'))(words.get('name'));
