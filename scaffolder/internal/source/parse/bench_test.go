package parse

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var benchFile = flag.String("source", "", "benchmark this file")

func BenchmarkFile(b *testing.B) {
	name, source := "bench.ts", strings.Repeat(sampleSource, 200)
	if *benchFile != "" {
		text, err := os.ReadFile(*benchFile)
		if err != nil {
			b.Fatal(err)
		}
		name, source = *benchFile, string(text)
	}
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		File(name, source)
	}
}

// sampleSource is ordinary server code.
const sampleSource = `
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

/** What a client may send. */
const CreateUser = z.object({ email: z.string().email().max(255), name: z.string().min(1), age: z.number().int().optional() });

export interface Service<T extends { id: string } = User> {
  find(id: string): Promise<T | undefined>;
  create(input: Omit<T, 'id'>): Promise<T>;
}

// Routers are made by a function, so that tests can pass another service.
export function users(service: Service, log: (text: string) => void = console.log): Router {
  const router = Router();
  router.get('/:id', async (req: Request<{ id: string }>, res: Response) => {
    const user = await service.find(req.params.id);
    if (!user) {
      res.status(404).json({ error: { code: 'NOT_FOUND', message: ` + "`No user ${req.params.id}`" + ` } });
      return;
    }
    res.json({ data: user, meta: { requestId: req.headers['x-request-id'] ?? null } });
  });
  router.post('/', async (req, res, next) => {
    try {
      const { email, name, ...rest } = CreateUser.parse(req.body);
      for (const key of Object.keys(rest)) log(key + (/^[a-z]+$/i.test(key) ? '' : '?'));
      res.status(201).json(await service.create({ email, name, age: rest.age ?? 0 } as User));
    } catch (e) {
      next(e);
    }
  });
  return router;
}
`
