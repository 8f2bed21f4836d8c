package source

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// resources is how many parts of five files each BenchmarkReadMany writes.
const resources = 500

// BenchmarkReadMany reads a made-up project of 2,500 files, one router, controller,
// service, model and schema for each of 500 resources, and tells megabytes of source for each second
// of CPU, and the memory that is in use behind it.
func BenchmarkReadMany(b *testing.B) {
	dir := b.TempDir()
	size := writeMany(b, dir)
	var read *Result
	before := cpu(b)
	for b.Loop() {
		var err error
		if read, err = Read(dir, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	each := (cpu(b) - before).Seconds() / float64(b.N)
	if got := len(read.API.Operations); got != 5*resources {
		b.Fatalf("%d operations of %d", got, 5*resources)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(each, "cpu-s/op")
	b.ReportMetric(float64(size)/1e6/each, "MB/cpu-s")
	b.ReportMetric(float64(memory.HeapSys)/1e6, "MB-heap")
	b.ReportMetric(float64(read.Files), "files")
}

// writeMany writes the project and says how long its sources are together.
func writeMany(b *testing.B, dir string) (size int) {
	b.Helper()
	put := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		size += len(text)
	}
	put("package.json", `{"name": "many", "dependencies": {"express": "^5", "zod": "^4"}}`)
	imports, mounts := "", ""
	for i := range resources {
		imports += fmt.Sprintf("import r%d from './thing%d/router.js';\n", i, i)
		mounts += fmt.Sprintf("app.use('/things%d', r%d);\n", i, i)
		for name, text := range manyFiles {
			put(fmt.Sprintf("src/thing%d/%s.ts", i, name), strings.ReplaceAll(text, "Thing", fmt.Sprintf("Thing%d", i)))
		}
	}
	put("src/server.ts", "import express from 'express';\n"+imports+"const app = express();\n"+mounts+"app.listen(3000);\n")
	return size
}

// manyFiles are the files of one resource: what most of the code of an application is,
// functions that no route is made by.
var manyFiles = map[string]string{
	"router": `import { Router } from 'express';
import * as controller from './controller.js';
import { validate } from './schema.js';
const router = Router();
router.get('/', controller.listThing);
router.post('/', validate, controller.createThing);
router.get('/:id', controller.getThing);
router.put('/:id', validate, controller.updateThing);
router.delete('/:id', controller.deleteThing);
export default router;
`,
	"schema": `import { z } from 'zod';
export const NewThing = z.object({ name: z.string().min(1).max(80), amount: z.number().int().min(0), tags: z.array(z.string()).optional() });
export const validate = (req, res, next) => {
  const parsed = NewThing.safeParse(req.body);
  if (!parsed.success) return res.status(400).json({ error: parsed.error.message });
  req.body = parsed.data;
  next();
};
`,
	"controller": `import type { Request, Response } from 'express';
import { ThingService } from './service.js';
const service = new ThingService();
export async function listThing(req: Request, res: Response) {
  const page = parseInt(String(req.query.page ?? '1'), 10);
  res.json({ items: await service.list(page, req.query.sort as string), page });
}
export async function createThing(req: Request, res: Response) { res.status(201).json(await service.create(req.body)); }
export async function getThing(req: Request, res: Response) {
  const found = await service.find(req.params.id);
  if (!found) return res.status(404).json({ error: 'not found' });
  res.json(found);
}
export async function updateThing(req: Request, res: Response) { res.json(await service.update(req.params.id, req.body)); }
export async function deleteThing(req: Request, res: Response) { await service.remove(req.params.id); res.status(204).end(); }
`,
	"service": `import { Thing, toThing } from './model.js';
import { pool } from 'database';
export class ThingService {
  private readonly cache = new Map<string, Thing>();
  async list(page: number, sort?: string): Promise<Thing[]> {
    const rows = await pool.query('select * from thing order by ' + (sort === 'name' ? 'name' : 'id') + ' limit 20 offset $1', [(page - 1) * 20]);
    return rows.map(toThing).filter((t: Thing) => t.amount >= 0);
  }
  async find(id: string): Promise<Thing | undefined> {
    const cached = this.cache.get(id);
    if (cached) return cached;
    const row = await pool.one('select * from thing where id = $1', [id]);
    if (row) { const thing = toThing(row); this.cache.set(id, thing); return thing; }
    return undefined;
  }
  async create(input: Partial<Thing>): Promise<Thing> {
    for (let attempt = 0; attempt < 3; attempt++) {
      try { return toThing(await pool.one('insert into thing (name, amount) values ($1, $2) returning *', [input.name, input.amount])); }
      catch (error) { if ((error as { code?: string }).code !== '40001') throw error; }
    }
    throw new Error('too many attempts');
  }
  async update(id: string, input: Partial<Thing>): Promise<Thing> {
    this.cache.delete(id);
    return toThing(await pool.one('update thing set name = $2, amount = $3 where id = $1 returning *', [id, input.name, input.amount]));
  }
  async remove(id: string): Promise<void> { this.cache.delete(id); await pool.query('delete from thing where id = $1', [id]); }
}
`,
	"model": `export interface Thing { id: string; name: string; amount: number; tags: string[]; createdAt: Date }
/** One row of the table as the program knows it. */
export function toThing(row: Record<string, unknown>): Thing {
  const tags = Array.isArray(row.tags) ? row.tags.map(String) : String(row.tags ?? '').split(',').filter((t) => t !== '');
  return { id: String(row.id), name: String(row.name), amount: Number(row.amount), tags, createdAt: new Date(String(row.created_at)) };
}
export const compareThing = (a: Thing, b: Thing) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
`,
}
