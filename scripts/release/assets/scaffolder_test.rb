(testpath/"api.yaml").write <<~YAML
  openapi: 3.1.0
  info: {title: Books, version: 1.0.0}
  paths:
    /books:
      get:
        operationId: listBooks
        responses:
          "200":
            description: all books
            content:
              application/json:
                schema: {type: array, items: {type: string}}
YAML
system bin/"scaffolder", "generate", "api.yaml", "--framework", "fastify", "--output", "server"
assert_match "listBooks", (testpath/"server/src/routes/books.ts").read
