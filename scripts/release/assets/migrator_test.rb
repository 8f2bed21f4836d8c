(testpath/"up.sql").write "CREATE INDEX books_title ON books (title);\n"
assert_match "CONCURRENTLY", shell_output("#{bin}/migrator lint up.sql", 1)
