import java.nio.file.Path;
import java.sql.DriverManager;

/** Runs the files of Flyway or Liquibase with these themselves: Runner flyway|liquibase FOLDER JDBC-URL up|down. */
class Runner {
    public static void main(String[] args) throws Exception {
        String folder = args[1], url = args[2];
        boolean up = args[3].equals("up");
        if (args[0].equals("flyway")) {
            // Without this, Flyway itself is in a transaction for which CREATE INDEX CONCURRENTLY waits for ever.
            var settings = java.util.Map.of("flyway.postgresql.transactional.lock", "false");
            var flyway = org.flywaydb.core.Flyway.configure().configuration(settings).dataSource(url, null, null)
                .locations("filesystem:" + folder).baselineOnMigrate(true).baselineVersion("0").load();
            flyway.migrate(); // its free edition runs no undo files
            return;
        }
        try (var connection = DriverManager.getConnection(url)) {
            var database = liquibase.database.DatabaseFactory.getInstance()
                .findCorrectDatabaseImplementation(new liquibase.database.jvm.JdbcConnection(connection));
            var files = Path.of(folder).toFile().list((dir, name) -> name.endsWith(".sql"));
            var liquibase = new liquibase.Liquibase(files[0], new liquibase.resource.DirectoryResourceAccessor(Path.of(folder)), database);
            if (up) {
                liquibase.update(new liquibase.Contexts());
            } else {
                liquibase.rollback(1000, "");
            }
        }
    }
}
