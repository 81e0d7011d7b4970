"""Training: the same posts give the same model; a new one replaces the old only when it is better."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tafaul.cli import main
from tafaul.understanding import model as models
from tafaul.understanding import pack, trained, understand
from tafaul.understanding.pack import SA
from tafaul.understanding.store import Comparison, Store, Verdict
from tafaul.understanding.training import Example, examples, fingerprint, steps, train


@pytest.fixture(scope="module")
def posts() -> list[Example]:
    """Few posts by many writers, quick to learn from."""
    return examples(SA / "posts", pack.load())[::8]


def test_the_same_posts_give_the_same_bytes(posts, tmp_path):
    heard = []
    for name in ("one", "two"):
        train(posts, pack.load(), heard.append).save(tmp_path / name)
    assert len(heard) == 2 * steps()
    for file in (models.FILE, models.CARD):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_model_that_was_written_reads_as_before(posts, tmp_path):
    learned = train(posts, pack.load())
    learned.save(tmp_path)
    texts = ["متى ينزل الراتب؟", "الزبايل متكدسه عندنا"]
    assert understand(texts, "finance", classifier=models.load(tmp_path)) == understand(
        texts, "finance", classifier=learned
    )


def test_too_few_writers_are_refused(posts):
    with pytest.raises(ValueError, match="writers are wanted"):
        train(posts[:3], pack.load())


def test_the_pack_s_model_was_trained_from_the_pack_s_posts():
    """Who changes posts, words or code of training runs `tafaul train --pack` again."""
    card = trained(SA / "model").card
    assert card["fingerprint"] == fingerprint(examples(SA / "posts", pack.load()), pack.load())
    assert (SA / "model" / models.FILE).stat().st_size < 25_000_000


def test_the_store_goes_back_to_the_model_before(posts, tmp_path):
    store, learned = Store(tmp_path / "models", SA / "model"), trained(SA / "model")
    assert store.in_use() == SA / "model"
    first, second = store.promote(learned), store.promote(learned)
    assert store.in_use() == second
    assert store.rollback() == first
    assert store.rollback() == SA / "model"
    with pytest.raises(LookupError, match="none before it"):
        store.rollback()
    (second / models.FILE).unlink()
    store.promote(learned)
    assert store.in_use().name == "0003"


@pytest.mark.parametrize(
    ("kind", "corrections", "better"),
    [((0.8, 0.8), (0.5, 0.6), True), ((0.8, 0.79), (0.5, 0.9), False), ((0.8, 0.9), (0.5, 0.5), False)],
)
def test_a_model_is_better_when_nothing_got_worse_and_corrections_got_better(kind, corrections, better):
    verdict = Verdict((Comparison("kind", *kind),), Comparison("corrections", *corrections))
    assert verdict.is_better is better


def test_any_labelled_set_can_be_learned(tmp_path):
    rows = [
        ("وين بطاقتي ما وصلت", "card"),
        ("كم رصيد حسابي", "balance"),
        ("وصول البطاقة تأخر", "card"),
        ("ابي اعرف رصيدي", "balance"),
    ]
    (tmp_path / "train.csv").write_text("intent,said\n" + "".join(f"{label},{text}\n" for text, label in rows * 3))
    (tmp_path / "test.jsonl").write_text(
        "".join(json.dumps({"said": text, "intent": label}) + "\n" for text, label in rows)
    )
    given = ["--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.jsonl"), "--label", "intent"]
    result = CliRunner().invoke(main, ["evaluate", *given, "--text", "said", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["macro_f1"], told["accuracy"], told["n"], told["classes"]) == (1.0, 1.0, 4, 2)
    assert "no column «text»" in CliRunner().invoke(main, ["evaluate", *given]).output
    assert "go together" in CliRunner().invoke(main, ["evaluate", *given[:2]]).output
