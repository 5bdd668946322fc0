#!/usr/bin/env python3
"""Copies on labelled articles, with intervals: as shipped, and with the scale found on other articles.

copies.py SHARED FEEDWATCH
  SHARED     the folder with corpora/, which are no part of this project
  FEEDWATCH  the binary

Pairs of copies: precision, recall and F1 with 95 % intervals (bootstrap, 2,000 draws of whole families, seed 7; the articles of a
family are one text, its copies, and texts that are easily taken for copies of it). Then in five folds of the families: the scale is
found on four of them and measured on the fifth; the decisions are made again from what `group --explain` says of each comparison.
Then the pairs really found in the wild, each that is missed or wrongly joined by its ids and what was compared.
"""
import collections, hashlib, itertools, json, os, random, subprocess, sys, tempfile

DRAWS = 2000
LEAST_F1, LEAST_PRECISION = .94, .95
# As in News/Stories/StoryScale: copy, copyOfUnknownBeginning, beginsAlike, containmentAndBeginning.
SHIPPED = (.85, .75, .65, 1.)
GRID = list(itertools.product((.75, .8, .85, .9, .95), (.65, .75, .85), (.55, .65, .75), (.8, .9, 1., 1.1, 1.2)))


def grouped(binary, lines):
    with tempfile.NamedTemporaryFile('w', suffix='.jsonl', encoding='utf8') as file:
        file.writelines(json.dumps(line) + '\n' for line in lines)
        file.flush()
        out = subprocess.run([binary, 'group', '--by', 'copy', '--explain', file.name], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def is_enough(comparison, scale):
    copy, unknown, alike, together = scale
    containment, beginnings = comparison['containment'], comparison.get('beginnings')
    if containment >= copy:
        return True
    if not beginnings:
        return containment >= unknown
    return (containment >= .2 and beginnings[0] >= alike
            and containment + sum(beginnings) / len(beginnings) >= together)


def decided(found, scale):
    """id -> group, by another scale"""
    groups = {}
    for line in found:
        best, most = None, 0
        judged = [(other['id'], other['comparison']['containment'], is_enough(other['comparison'], scale)
                   and not other['comparison']['template'] and not other['comparison']['made_of_two'])
                  for other in line['compared']]
        for id, containment, is_copy in judged:
            same = [copy for other, _, copy in judged if groups[other] == groups[id]]
            if is_copy and containment > most and (containment >= scale[0] or sum(same) * 2 >= len(same)):
                best, most = id, containment
        groups[line['id']] = groups[best] if best else line['id']
    return groups


def pairs_of(keys):
    return sum(count * (count - 1) // 2 for count in collections.Counter(keys).values())


def counts(rows, groups):
    """(right, found, there) pairs by family; what crosses families counts as found for the article's own"""
    there, right, found = collections.Counter(), collections.Counter(), collections.Counter()
    members = collections.defaultdict(list)
    for row in rows:
        members[groups[row['id']]].append(row)
    by_family = collections.defaultdict(list)
    for row in rows:
        by_family[row['family']].append(row)
    for family, own in by_family.items():
        there[family] = pairs_of(row['group'] for row in own)
        right[family] = pairs_of((row['group'], groups[row['id']]) for row in own)
    for group in members.values():
        for one, two in itertools.combinations(group, 2):
            found[one['family']] += .5
            found[two['family']] += .5
    return {family: (right[family], found[family], there[family]) for family in by_family}


def measures(tallies):
    right, found, there = (sum(column) for column in zip(*tallies))
    precision, recall = right / found if found else 1., right / there if there else 1.
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.


def interval(tallies):
    rng, all_of = random.Random(7), [tallies[family] for family in sorted(tallies)]
    draws = [measures(rng.choices(all_of, k=len(all_of))) for _ in range(DRAWS)]
    return [(sorted(column)[DRAWS // 40], sorted(column)[-DRAWS // 40]) for column in zip(*draws)]


def fold(family):
    return int(hashlib.sha1(family.encode()).hexdigest(), 16) % 5


def crossed(rows, found):
    by_scale = {scale: counts(rows, decided(found, scale)) for scale in GRID}
    tallies = {}
    for number in range(5):
        def learned(scale):
            precision, _, f1 = measures([tally for family, tally in by_scale[scale].items() if fold(family) != number])
            return precision >= LEAST_PRECISION, f1
        best = max(GRID, key=learned)
        tallies |= {family: tally for family, tally in by_scale[best].items() if fold(family) == number}
        print(f'  fold {number}: scale {best}')
    return tallies


def show(name, tallies):
    values = ', '.join(f'{what} {value:.3f} ({low:.3f} to {high:.3f})' for what, value, (low, high) in
                       zip(('precision', 'recall', 'F1'), measures(list(tallies.values())), interval(tallies)))
    print(f'{name}: {values}')


def in_the_wild(binary, path):
    with open(path, encoding='utf8') as file:
        pairs = [json.loads(line) for line in file if line.strip()]
    articles = {row[side]['id']: row[side] for row in pairs for side in 'ab'}
    found = {line['id']: line for line in grouped(binary, articles.values())}
    right = missed = wrong = 0
    for row in pairs:
        a, b = row['a']['id'], row['b']['id']
        is_joined = found[a]['cluster'] == found[b]['cluster']
        right += is_joined and row['label'] == 1
        if row['label'] == 2 or is_joined == (row['label'] == 1):
            continue
        missed += not is_joined
        wrong += is_joined
        compared = [other['comparison'] for one, two in ((a, b), (b, a)) for other in found[one]['compared']
                    if other['id'] == two]
        print(f'  {"wrong " if is_joined else "missed"} {a} {b}', json.dumps(compared[0]) if compared else 'not compared')
    print(f'in the wild: {right} of {right + missed} pairs found, {wrong} wrong')


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    shared, binary = sys.argv[1:]
    corpus = f'{shared}/corpora/classify'
    if not os.path.isfile(f'{corpus}/dedup.jsonl'):
        print(f'skipped: no {corpus}/dedup.jsonl')
        return
    with open(f'{corpus}/dedup.jsonl', encoding='utf8') as file:
        rows = [json.loads(line) for line in file if line.strip()]
    found = grouped(binary, rows)
    shipped = counts(rows, {line['id']: line['cluster'] for line in found})
    show(f'copies, {len(rows)} articles', shipped)
    again = measures(list(counts(rows, decided(found, SHIPPED)).values()))
    print(f'the same decided again from the comparisons: F1 {again[2]:.3f}')
    show('scale of four folds, measured on the fifth', crossed(rows, found))
    in_the_wild(binary, f'{corpus}/natural_pairs.jsonl')
    precision, _, f1 = measures(list(shipped.values()))
    if f1 < LEAST_F1 or precision < LEAST_PRECISION:
        sys.exit(f'F1 {f1:.3f} at precision {precision:.3f}; {LEAST_F1} at {LEAST_PRECISION} is asked for')


if __name__ == '__main__':
    main()
