// The least that parsing feeds with libxml2 costs: SAX2, nothing kept.
//
// parse-floor ROUNDS FILES
//   FILES  a file, one path a line; each is read before the clock starts
// Prints the CPU seconds of parsing all of them ROUNDS times.
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { FILES_MAX = 100000, LINE_MAX_BYTES = 4096 };

static char *documents[FILES_MAX];
static int sizes[FILES_MAX];
static int count;
static long seen;

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                     const xmlChar **declared, int attributes, int defaulted, const xmlChar **values) {
  (void)context, (void)name, (void)prefix, (void)uri, (void)namespaces;
  (void)declared, (void)attributes, (void)defaulted, (void)values;
  seen++;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
  (void)context, (void)name, (void)prefix, (void)uri;
}

static void on_text(void *context, const xmlChar *text, int length) {
  (void)context, (void)text;
  seen += length;
}

static void load(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) {
    perror(path);
    exit(66);
  }
  fseek(file, 0, SEEK_END);
  sizes[count] = (int)ftell(file);
  rewind(file);
  documents[count] = malloc((size_t)sizes[count]);
  if (fread(documents[count], 1, (size_t)sizes[count], file) != (size_t)sizes[count]) exit(66);
  fclose(file);
  count++;
}

int main(int argc, char **argv) {
  if (argc < 3) return 64;
  FILE *list = fopen(argv[2], "r");
  if (!list) return 66;
  char line[LINE_MAX_BYTES];
  while (count < FILES_MAX && fgets(line, sizeof line, list)) {
    line[strcspn(line, "\n")] = 0;
    load(line);
  }
  xmlSAXHandler handler = {.startElementNs = on_start,
                           .endElementNs = on_end,
                           .characters = on_text,
                           .cdataBlock = on_text,
                           .initialized = XML_SAX2_MAGIC};
  double start = cpu_seconds();
  for (int round = 0; round < atoi(argv[1]); round++)
    for (int i = 0; i < count; i++)
      if (xmlSAXUserParseMemory(&handler, NULL, documents[i], sizes[i])) return 65;
  printf("%.6f\n", cpu_seconds() - start);
  return seen > 0 ? 0 : 65;
}
