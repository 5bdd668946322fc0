#!/usr/bin/env python3
"""Article reading beside trafilatura, paired: whether a difference is more than chance.

articles.py SHARED FEEDWATCH
  SHARED     the folder with scorers/ and corpora/, which are no part of this project
  FEEDWATCH  the binary

For each group of pages: F1 of both, the difference with its 95 % interval, and F1 of ours in five folds. Both are drawn by
publisher, for the pages of one are not independent (paired bootstrap, 2,000 draws, seed 7). trafilatura is what is installed
(`pip install trafilatura`), in its default, fast and precision settings; without it that is said, and the folds are printed.
"""
import collections, gzip, hashlib, importlib.util, json, os, random, shlex, subprocess, sys, tempfile
from urllib.parse import urlsplit

DRAWS = 2000
GROUPS = ['aeb', 'fundus', 'trafilatura', 'readability', 'newspaper4k']
PEERS = {'default': {}, 'fast': {'fast': True}, 'precision': {'favor_precision': True}}


def scorer(shared):
    spec = importlib.util.spec_from_file_location('scorer', f'{shared}/scorers/score-extract.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def publisher(case):
    if case['id'].startswith('fundus/'):
        return '/'.join(case['id'].split('/')[1:3])
    host = urlsplit(case['url']).hostname or ''
    return case['id'] if host in ('', 'fakehost', 'example.invalid') else host.removeprefix('www.')


def rows(score, cases, text_of):
    """Group -> publisher -> what the scorer counts of each page."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for case in cases:
        group = case['id'].split('/')[0]
        text, expect = text_of(case) or '', case['expect']
        if 'with' in expect:
            found[group][publisher(case)].append(score.seg(expect, text))
        elif expect.get('text'):
            counts = score.tfn(expect['text'], text, score.TOK if group == 'aeb' else score.TOKC)
            precision = score.P(counts) if counts[0] + counts[1] > 0 else None
            recall = score.R(counts) if counts[0] + counts[2] > 0 else None
            found[group][publisher(case)].append((precision, recall))
    return found


def f1(score, group, publishers, names):
    pages = [page for name in names for page in publishers[name]]
    if not pages:
        return float('nan')
    return (score.agg_seg if group == 'trafilatura' else score.agg_text)(pages)[0]


def ours(binary, corpus, cases, folder):
    lines, paths = [], {}
    for case in cases:
        path = os.path.join(folder, hashlib.sha1(case['file'].encode()).hexdigest() + '.html')
        if case['file'] not in paths:
            with open(path, 'wb') as page:
                page.write(gzip.open(os.path.join(corpus, case['file'])).read())
            lines.append(f"{path}\t{case['url']}\t{case.get('charset', '')}")
        paths[case['file']] = path
    listing = os.path.join(folder, 'list.tsv')
    with open(listing, 'w', encoding='utf8') as file:
        file.write('\n'.join(lines) + '\n')
    out = subprocess.run(shlex.split(binary) + ['extract', '--list', listing], stdout=subprocess.PIPE, check=True).stdout
    texts = {line['path']: line.get('text') for line in map(json.loads, out.splitlines())}
    return lambda case: texts.get(paths[case['file']])


def theirs(trafilatura, corpus, cases, settings):
    texts = {}
    for case in cases:
        if case['file'] in texts:
            continue
        page = gzip.open(os.path.join(corpus, case['file'])).read()
        if case.get('charset') == 'utf-8':
            page = page.decode('utf8', 'replace')
        texts[case['file']] = trafilatura.extract(page, url=case['url'], include_comments=False, **settings)
    return lambda case: texts[case['file']]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    shared, binary = sys.argv[1:]
    corpus = f'{shared}/corpora/extract'
    if not os.path.isdir(corpus):
        print(f'skipped: no {corpus}')
        return
    score = scorer(shared)
    cases = score.load(corpus, GROUPS)
    with tempfile.TemporaryDirectory() as folder:
        mine = rows(score, cases, ours(binary, corpus, cases, folder))
    for group in GROUPS:
        names = sorted(mine[group])
        folds = [[n for n in names if int(hashlib.sha1(n.encode()).hexdigest(), 16) % 5 == k] for k in range(5)]
        figures = ' '.join(f'{f1(score, group, mine[group], fold):.3f}' for fold in folds)
        print(f'{group:<12} {f1(score, group, mine[group], names):.3f}, {len(names)} publishers; in five folds {figures}')
    try:
        import trafilatura
    except ImportError:
        print('skipped: no trafilatura (pip install trafilatura)')
        return
    for name, settings in PEERS.items():
        peer = rows(score, cases, theirs(trafilatura, corpus, cases, settings))
        for group in GROUPS:
            names, rng = sorted(mine[group]), random.Random(7)
            draws = sorted(
                f1(score, group, mine[group], drawn) - f1(score, group, peer[group], drawn)
                for drawn in (rng.choices(names, k=len(names)) for _ in range(DRAWS)))
            low, high = draws[DRAWS // 40], draws[-DRAWS // 40]
            both = f1(score, group, mine[group], names), f1(score, group, peer[group], names)
            print(f'{group:<12} {both[0]:.3f}, trafilatura {trafilatura.__version__} {name} {both[1]:.3f}: '
                  f'{both[0] - both[1]:+.3f} ({low:+.3f} to {high:+.3f})')


if __name__ == '__main__':
    main()
