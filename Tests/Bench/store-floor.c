// The least that keeping rows in SQLite costs: those of a database that feedwatch filled, inserted again by plain statements.
//
// store-floor DATABASE COPY SYNC BATCH TABLE...
//   COPY   the file to make, with the schema of DATABASE
//   SYNC   normal or full, as feedwatch has it for these rows
//   BATCH  rows of the first TABLE in one transaction; rows of the others are shared out evenly
//   TABLE  its name, and after a blank what of it: "entry WHERE state = 'pending'"
// store-floor DATABASE COPY polls COUNT
//   the two statements of a poll that brought nothing new, COUNT times, a transaction each
// Prints the CPU seconds. WAL.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct table {
  sqlite3_stmt *insert;
  int columns;
  long count, done;
  sqlite3_value **values;
};

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void check(sqlite3 *database, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  fprintf(stderr, "%s\n", sqlite3_errmsg(database));
  exit(1);
}

static void run(sqlite3 *database, const char *sql) { check(database, sqlite3_exec(database, sql, NULL, NULL, NULL)); }

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement;
  check(database, sqlite3_prepare_v2(database, sql, -1, &statement, NULL));
  return statement;
}

static void step(sqlite3 *database, sqlite3_stmt *statement) {
  check(database, sqlite3_step(statement));
  sqlite3_reset(statement);
}

static void copy_schema(sqlite3 *from, sqlite3 *to) {
  sqlite3_stmt *schema = prepare(from, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'");
  while (sqlite3_step(schema) == SQLITE_ROW) run(to, (const char *)sqlite3_column_text(schema, 0));
  sqlite3_finalize(schema);
}

static struct table load(sqlite3 *from, sqlite3 *to, const char *name) {
  char sql[1024];
  snprintf(sql, sizeof sql, "SELECT * FROM %s", name);
  sqlite3_stmt *rows = prepare(from, sql);
  struct table table = {.columns = sqlite3_column_count(rows)};
  long room = 0;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    if (table.count == room) {
      room = room ? room * 2 : 1024;
      table.values = realloc(table.values, (size_t)(room * table.columns) * sizeof *table.values);
    }
    for (int i = 0; i < table.columns; i++)
      table.values[table.count * table.columns + i] = sqlite3_value_dup(sqlite3_column_value(rows, i));
    table.count++;
  }
  sqlite3_finalize(rows);
  int length = snprintf(sql, sizeof sql, "INSERT INTO %.*s VALUES (?", (int)strcspn(name, " "), name);
  for (int i = 1; i < table.columns; i++) length += snprintf(sql + length, sizeof sql - (size_t)length, ", ?");
  snprintf(sql + length, sizeof sql - (size_t)length, ")");
  table.insert = prepare(to, sql);
  return table;
}

static void insert_up_to(sqlite3 *to, struct table *table, long end) {
  for (; table->done < end && table->done < table->count; table->done++) {
    for (int i = 0; i < table->columns; i++)
      sqlite3_bind_value(table->insert, i + 1, table->values[table->done * table->columns + i]);
    step(to, table->insert);
  }
}

static void insert(sqlite3 *to, struct table *tables, int count, long batch) {
  for (long end = batch; tables[0].done < tables[0].count; end += batch) {
    run(to, "BEGIN IMMEDIATE");
    // Stories come last in the list and first in the transaction: articles refer to them.
    for (int i = count - 1; i >= 0; i--)
      insert_up_to(to, &tables[i], end >= tables[0].count ? tables[i].count : end * tables[i].count / tables[0].count + 1);
    run(to, "COMMIT");
  }
}

static void polls(sqlite3 *to, long count) {
  run(to, "INSERT INTO source(id, url) VALUES ('outlet', 'https://outlet.example/rss')");
  sqlite3_stmt *due = prepare(
      to, "INSERT INTO due(kind, key, at) VALUES ('poll', 'outlet', ?) ON CONFLICT DO UPDATE SET at = excluded.at");
  sqlite3_stmt *read = prepare(
      to, "UPDATE source SET last_tried = ?1, last_read = ?1, failures = 0, fault = NULL, blind_since = NULL WHERE id = 'outlet'");
  for (long i = 0; i < count; i++) {
    run(to, "BEGIN IMMEDIATE");
    sqlite3_bind_int64(due, 1, i + 3600);
    step(to, due);
    sqlite3_bind_int64(read, 1, i);
    step(to, read);
    run(to, "COMMIT");
  }
}

int main(int argc, char **argv) {
  if (argc < 5) return 64;
  int is_polls = !strcmp(argv[3], "polls");
  sqlite3 *from, *to;
  check(NULL, sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READONLY, NULL));
  remove(argv[2]);
  check(NULL, sqlite3_open(argv[2], &to));
  run(to, "PRAGMA journal_mode = WAL");
  copy_schema(from, to);
  run(to, strcmp(argv[3], "full") ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
  struct table tables[8];
  int count = 0;
  for (int i = 5; !is_polls && i < argc && count < 8; i++) tables[count++] = load(from, to, argv[i]);
  double start = cpu_seconds();
  if (is_polls) polls(to, atol(argv[4]));
  else insert(to, tables, count, atol(argv[4]));
  printf("%.6f\n", cpu_seconds() - start);
  return 0;
}
