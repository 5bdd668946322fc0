// The least that fetching with libcurl costs: nothing decided, each body kept until the next one of its handle.
//
// fetch-floor VERSION URLS PARALLEL WARM CA PORT...
//   VERSION  1 or 2, of HTTP
//   URLS     a file, one address a line; every host is 127.0.0.1 on each PORT
//   PARALLEL transfers at a time, one to a host
//   WARM     so many of the first addresses are asked once before the clock starts, so that their connections stand
//   CA       a PEM file of authorities
// Prints the CPU seconds of a pass that answers 200, then those of one with If-None-Match that answers 304.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

enum { URLS_MAX = 200000, LINE_MAX_BYTES = 512 };

struct transfer {
  CURL *handle;
  struct curl_slist *headers;
  int url;
  char *body;
  size_t bytes, room;
};

static char *urls[URLS_MAX];
static char *etags[URLS_MAX];
static int url_count;
static long version;
static const char *authorities;
static struct curl_slist *names;

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
  struct transfer *transfer = context;
  size_t length = size * count;
  if (transfer->bytes + length > transfer->room) {
    size_t room = transfer->room ? transfer->room : 32 << 10;
    while (room < transfer->bytes + length) room *= 2;
    char *body = realloc(transfer->body, room);
    if (!body) return 0;
    transfer->body = body;
    transfer->room = room;
  }
  memcpy(transfer->body + transfer->bytes, bytes, length);
  transfer->bytes += length;
  return length;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context) {
  struct transfer *transfer = context;
  size_t length = size * count;
  if (length > 6 && length < 120 && !strncasecmp(bytes, "etag: ", 6) && !etags[transfer->url]) {
    while (length > 6 && (bytes[length - 1] == '\r' || bytes[length - 1] == '\n')) length--;
    etags[transfer->url] = strndup(bytes + 6, length - 6);
  }
  return size * count;
}

static void begin(CURLM *multi, struct transfer *transfer, int url, int conditional) {
  if (transfer->handle) curl_easy_reset(transfer->handle);
  else transfer->handle = curl_easy_init();
  CURL *handle = transfer->handle;
  transfer->url = url;
  transfer->bytes = 0;
  curl_easy_setopt(handle, CURLOPT_URL, urls[url]);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_RESOLVE, names);
  curl_easy_setopt(handle, CURLOPT_CAINFO, authorities);
  curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 30000L);
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "bench/0");
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION,
                   version == 2 ? (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
  transfer->headers = NULL;
  if (conditional && etags[url]) {
    char line[160];
    snprintf(line, sizeof line, "If-None-Match: %s", etags[url]);
    transfer->headers = curl_slist_append(NULL, line);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer->headers);
  }
  curl_multi_add_handle(multi, handle);
}

static void pass(CURLM *multi, struct transfer *pool, int parallel, int count, int conditional, long expected) {
  int idle[parallel];
  for (int i = 0; i < parallel; i++) idle[i] = i;
  int idle_count = parallel, next = 0, done = 0;
  while (done < count) {
    while (idle_count && next < count) begin(multi, &pool[idle[--idle_count]], next++, conditional);
    int running, left, ended = 0;
    curl_multi_perform(multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
      if (message->msg != CURLMSG_DONE) continue;
      struct transfer *transfer;
      long status = 0;
      CURLcode code = message->data.result;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
      curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
      if (code || status != expected) {
        fprintf(stderr, "%s: status %ld, %s\n", urls[transfer->url], status, curl_easy_strerror(code));
        exit(1);
      }
      curl_multi_remove_handle(multi, message->easy_handle);
      curl_slist_free_all(transfer->headers);
      idle[idle_count++] = (int)(transfer - pool);
      done++;
      ended = 1;
    }
    if (done < count && !ended) curl_multi_poll(multi, NULL, 0, 1000, NULL);
  }
}

int main(int argc, char **argv) {
  if (argc < 7) return 64;
  version = atol(argv[1]);
  int parallel = atoi(argv[3]), warm = atoi(argv[4]);
  authorities = argv[5];
  FILE *file = fopen(argv[2], "r");
  if (!file || parallel < 1) return 66;
  char line[LINE_MAX_BYTES];
  while (url_count < URLS_MAX && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    urls[url_count++] = strdup(line);
  }
  fclose(file);
  curl_global_init(CURL_GLOBAL_ALL);
  for (int i = 6; i < argc; i++) {
    char entry[64];
    snprintf(entry, sizeof entry, "*:%s:127.0.0.1", argv[i]);
    names = curl_slist_append(names, entry);
  }
  CURLM *multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)parallel);
  struct transfer *pool = calloc((size_t)parallel, sizeof *pool);
  for (int conditional = 0; conditional < 2; conditional++) {
    pass(multi, pool, parallel, warm < url_count ? warm : url_count, 0, 200);
    double start = cpu_seconds();
    pass(multi, pool, parallel, url_count, conditional, conditional ? 304 : 200);
    printf("%.6f\n", cpu_seconds() - start);
  }
  return 0;
}
