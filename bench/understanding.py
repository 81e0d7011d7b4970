"""Texts a second on one core, from text to all that is understood of it: kind, topic, body, place, personal data.

Beside it, in the same run: plain scikit-learn on the same corpus and of the same make (words, pairs and runs of
letters; a linear score for each class of each question), which says nothing of places or personal data. Loading
and memory are measured in a process of its own.

    ./dev bench understanding [TEXTS]
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

from tafaul.understanding import understand
from tafaul.understanding.pack import SA

AIM = 20_000
PAGE = 500
QUESTIONS = ("kind", "topic", "body", "dialect")
ALONE = """
import resource, time
begun = time.perf_counter()
from tafaul.understanding import understand
understand(["الحفره قدام بيتنا لها شهر"], "municipal")
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def corpus() -> list[dict[str, Any]]:
    """Return the posts of the pack."""
    files = sorted((SA / "posts").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.open(encoding="utf-8")]


def stream(posts: Sequence[dict[str, Any]], count: int) -> list[tuple[str, str]]:
    """Return different texts, each the beginning of one post and the end of another, and the bodies written to."""
    chance = random.Random(7)
    found = []
    for _ in range(count):
        one, other = chance.choice(posts), chance.choice(posts)
        begin, end = one["text"].split(), other["text"].split()
        found.append((" ".join(begin[: len(begin) // 2 + 1] + end[len(end) // 2 :]), one["to"]))
    return found


def plain(posts: Sequence[dict[str, Any]]) -> Callable[[list[str]], Any]:
    """Return what scores texts with scikit-learn's own parts."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts = [post["text"] for post in posts]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit(texts)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True).fit(texts)
    features = hstack([words.transform(texts), letters.transform(texts)]).tocsr()
    models = []
    for question in QUESTIONS:
        labelled = [place for place, post in enumerate(posts) if post.get(question)]
        model = LinearSVC(dual=True, max_iter=50)
        models.append(model.fit(features[labelled], [posts[place][question] for place in labelled]))

    def score(page: list[str]) -> Any:
        found = hstack([words.transform(page), letters.transform(page)]).tocsr()
        return [model.decision_function(found) for model in models]

    return score


def pace(read: Callable[[list[str], list[str]], Any], told: Sequence[tuple[str, str]]) -> float:
    """Return the texts a second, read in pages."""
    begun = time.perf_counter()
    for first in range(0, len(told), PAGE):
        texts, to = zip(*told[first : first + PAGE], strict=True)
        read(list(texts), list(to))
    return len(told) / (time.perf_counter() - begun)


def main(count: int) -> None:
    """Print the figures."""
    # Before this process grows: a child's peak of memory begins with that of its parent.
    load, memory = map(float, subprocess.check_output([sys.executable, "-c", ALONE], text=True).split())
    posts = corpus()
    told = stream(posts, count)
    understand(["سلام"], "municipal")
    first = pace(understand, told[: count // 10])
    pace(understand, told[count // 10 : count // 2])
    later = pace(understand, told[count // 2 :])
    again = pace(understand, told[count // 2 :])
    score = plain(posts)
    rival = pace(lambda texts, to: score(texts), told[count // 2 :])
    for name, figure in (
        ("the first texts after a start", first),
        ("other texts after these", later),
        ("the same texts again", again),
        ("plain scikit-learn, scores alone", rival),
    ):
        shares = f"{figure / rival:5.2f} of scikit-learn   {figure / AIM:5.2f} of the aim"
        print(f"{name:<36} {figure:>9,.0f} texts/s   {shares}")
    print(f"loading and the first text {load:.2f} s, {memory:.0f} MB (aims: 0.5 s, 300 MB)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
