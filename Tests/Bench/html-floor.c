// The least that reading pages with libxml2 costs: a tree of each, and nothing looked at in it.
//
// html-floor LIST ROUNDS
//   LIST   a file of file names, one a line
// Prints the CPU seconds of the fastest round over all files.
#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { PAGES_MAX = 20000, LINE_MAX_BYTES = 4096 };

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static char *contents(const char *path, int *length) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(66);
  }
  fseek(file, 0, SEEK_END);
  *length = (int)ftell(file);
  rewind(file);
  char *bytes = malloc((size_t)*length + 1);
  if (fread(bytes, 1, (size_t)*length, file) != (size_t)*length) exit(66);
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  static char *pages[PAGES_MAX];
  static int lengths[PAGES_MAX];
  int count = 0;
  FILE *list = argc == 3 ? fopen(argv[1], "r") : NULL;
  if (!list) return 64;
  char line[LINE_MAX_BYTES];
  while (count < PAGES_MAX && fgets(line, sizeof line, list)) {
    line[strcspn(line, "\n")] = 0;
    pages[count] = contents(line, &lengths[count]);
    count++;
  }
  double best = 1e9;
  for (int round = 0; round < atoi(argv[2]); round++) {
    double start = cpu_seconds();
    for (int i = 0; i < count; i++) {
      htmlDocPtr tree = htmlReadMemory(pages[i], lengths[i], NULL, "UTF-8",
                                       HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                           HTML_PARSE_NONET | HTML_PARSE_COMPACT | XML_PARSE_HUGE);
      xmlFreeDoc(tree);
    }
    double spent = cpu_seconds() - start;
    if (spent < best) best = spent;
  }
  printf("%.6f\n", best);
  return 0;
}
