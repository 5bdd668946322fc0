#!/usr/bin/env python3
"""Topics on the labelled articles, with intervals: as shipped, with thresholds found on other articles, and with a reader's labels.

topics.py SHARED FEEDWATCH
  SHARED     the folder with corpora/, which are no part of this project
  FEEDWATCH  the binary

For each set F1 and average precision with 95 % intervals (bootstrap, 2,000 draws, seed 7; drawn by story or day, for articles on
one event are not independent). Then in five folds of these: the threshold is found on four of them and measured on the fifth; and the
labels of four are given as examples, as a reader's yes and no would be, and the fifth is measured as the program decides it.
"""
import collections, hashlib, json, os, random, subprocess, sys, tempfile

DRAWS = 2000
SETS = [
    # name, label, topic, language, adjacent articles, topic file, binding F1 and average precision
    ('English', 'indopac', 'indo-pacific-deterrence', 'en', 'ignore', None, .95, .985),
    ('English, adjacent no', 'indopac', 'indo-pacific-deterrence', 'en', 'no', None, .85, None),
    ('Chinese', 'indopac', 'indo-pacific-deterrence', 'zh', 'ignore', None, .93, None),
    ('cyber', 'cyber', 'cyber', 'en', 'ignore', 'seeds/topics/cyber.yaml', .92, None),
]


def classify(binary, rows, config, topic_file=None):
    """id -> topic -> (score, decision)"""
    with tempfile.NamedTemporaryFile('w', suffix='.jsonl', encoding='utf8') as file:
        for row in rows:
            file.write(json.dumps({key: row[key] for key in ('id', 'title', 'text')}) + '\n')
        file.flush()
        command = [binary, 'classify', '--config', config, file.name]
        if topic_file:
            command[4:4] = ['--topic-file', topic_file]
        out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    found = {}
    for line in map(json.loads, out.splitlines()):
        found[line['id']] = {topic: (of['score'], of['decision']) for topic, of in line['topics'].items()}
    return found


def f1(rows):
    """rows: (belongs, score, decision)"""
    hits = sum(1 for belongs, _, decision in rows if belongs and decision)
    wrong = sum(1 for belongs, _, decision in rows if belongs != decision)
    return 2 * hits / (2 * hits + wrong) if hits else 0.0


def precision(rows):
    """Average precision; articles of one score count together."""
    total = sum(belongs for belongs, _, _ in rows)
    by_score = collections.defaultdict(lambda: [0, 0])
    for belongs, score, _ in rows:
        by_score[score][0] += belongs
        by_score[score][1] += 1
    hits = seen = 0
    average = 0.0
    for score in sorted(by_score, reverse=True):
        hits += by_score[score][0]
        seen += by_score[score][1]
        average += by_score[score][0] * hits / seen
    return average / total if total else 0.0


def interval(groups, measure):
    rng, names = random.Random(7), sorted(groups)
    draws = sorted(
        measure([row for name in rng.choices(names, k=len(names)) for row in groups[name]]) for _ in range(DRAWS))
    return draws[DRAWS // 40], draws[-DRAWS // 40]


def best_threshold(rows):
    scores = sorted({score for _, score, _ in rows})
    return max(scores, key=lambda least: f1([(belongs, score, score >= least) for belongs, score, _ in rows]))


def fold(group):
    return int(hashlib.sha1(group.encode()).hexdigest(), 16) % 5


def learned(binary, rows, label, topic, topic_file):
    """Each fifth as it is decided with the labels of the others as examples."""
    found = {}
    for number in range(5):
        with tempfile.TemporaryDirectory() as config:
            for name in ('feedwatch.yaml', 'sources.d', 'entities.d', 'topics.d'):
                os.symlink(os.path.abspath(f'Config/{name}'), f'{config}/{name}')
            for verdict in ('yes', 'no'):
                os.makedirs(f'{config}/examples/{topic}/{verdict}')
            for index, row in enumerate(rows):
                if fold(row['splitkey']) == number:
                    continue
                verdict = 'yes' if row['labels'][label] == 1 else 'no'
                title = ' '.join((row['title'] or '–').split())
                text = '\n\n'.join(' '.join(part.split()) for part in (row['text'] or '').split('\n\n'))
                with open(f'{config}/examples/{topic}/{verdict}/{index}.txt', 'w', encoding='utf8') as file:
                    file.write(f'Title: {title}\n\n{text}\n')
            own = [row for row in rows if fold(row['splitkey']) == number]
            found |= classify(binary, own, config, topic_file)
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    shared, binary = sys.argv[1:]
    corpus = f'{shared}/corpora/classify/topic.jsonl'
    if not os.path.isfile(corpus):
        print(f'skipped: no {corpus}')
        return
    with open(corpus, encoding='utf8') as file:
        everything = [json.loads(line) for line in file if line.strip()]
    print(f'{"set":<22} {"articles":>8} {"F1":>6} {"95 %":>13} {"AP":>6} {"95 %":>13}  '
          f'{"threshold of 4 folds":>20}  {"examples of 4 folds: F1, AP"}')
    missed = []
    for name, label, topic, language, adjacent, topic_file, least_f1, least_ap in SETS:
        rows = [row for row in everything if row['lang'] == language and row['labels'].get(label) is not None]
        if adjacent == 'ignore':
            rows = [row for row in rows if row['labels'][label] != 2]

        def judged(found, row):
            score, decision = found.get(row['id'], {}).get(topic, (0.0, False))
            return row['labels'][label] == 1, score, decision

        found = classify(binary, rows, 'Config', topic_file)
        groups = collections.defaultdict(list)
        for row in rows:
            groups[row['splitkey']].append(judged(found, row))
        shipped = [judged(found, row) for row in rows]
        crossed = []
        for number in range(5):
            least = best_threshold([row for group in groups if fold(group) != number for row in groups[group]])
            crossed += [(belongs, score, score >= least) for group in groups if fold(group) == number
                        for belongs, score, _ in groups[group]]
        taught_found = learned(binary, rows, label, topic, topic_file)
        taught = [judged(taught_found, row) for row in rows]
        (low, high), (low_ap, high_ap) = interval(groups, f1), interval(groups, precision)
        print(f'{name:<22} {len(rows):>8} {f1(shipped):>6.3f} {low:.3f} to {high:.3f} {precision(shipped):>6.3f} '
              f'{low_ap:.3f} to {high_ap:.3f}  {f1(crossed):>20.3f}  {f1(taught):.3f}, {precision(taught):.3f}')
        if f1(shipped) < least_f1:
            missed.append(f'{name}: F1 {f1(shipped):.3f} is less than {least_f1}')
        if least_ap and precision(shipped) < least_ap:
            missed.append(f'{name}: average precision {precision(shipped):.3f} is less than {least_ap}')
    if missed:
        sys.exit('\n'.join(missed))


if __name__ == '__main__':
    main()
