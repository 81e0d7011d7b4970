"""`tafaul evaluate FILE`: figures against labels, and what becomes of lines that bear none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tafaul.cli import main
from tafaul.understanding import Understanding
from tafaul.understanding.evaluate import measure
from tafaul.understanding.labelled import Labelled, read

POSTS = Path(__file__).parents[2] / "src/tafaul/packs/sa/posts"


def answered(*answers: Understanding):
    """Return an understanding that gives these answers in turn."""
    return lambda texts, _accounts: list(answers[: len(texts)])


def of(body: str, sure: float, kind: str = "inquiry", **more) -> Understanding:
    return Understanding(kind, 0.9, more.pop("topic", None), 0.5, body, sure, **more)


def test_macro_f1_and_accuracy_are_those_of_the_textbook():
    posts = [Labelled("x", "finance", kind=kind) for kind in ("inquiry", "inquiry", "inquiry", "complaint")]
    answers = [of("finance", 1, kind=kind) for kind in ("inquiry", "inquiry", "complaint", "complaint")]
    kind = measure(posts, answered(*answers)).kind
    assert (kind.accuracy, kind.n) == (0.75, 4)
    assert kind.macro_f1 == pytest.approx((2 * 2 / (3 + 2) + 2 * 1 / (1 + 2)) / 2, abs=1e-4)


def test_the_share_that_is_routed_stops_where_the_surest_are_wrong():
    posts = [Labelled("x", "finance", body="finance")] * 100
    answers = (
        [of("finance", 0.9)] * 60
        + [of("commerce", 0.8)] * 2
        + [of("finance", 0.7)] * 20
        + [of("commerce", 0.1)] * 18
    )
    assert measure(posts, answered(*answers)).routed_at_97 == 0.82
    assert measure(posts, answered(*[of("commerce", 0.99)] * 100)).routed_at_97 == 0.0


def test_an_amana_of_the_labelled_ministry_is_right_and_another_ministry_is_not():
    posts = [Labelled("x", "municipal", body="municipal")] * 2
    assert measure(posts, answered(of("amana_riyadh", 1), of("finance", 1))).body.accuracy == 0.5


def test_who_says_ninety_per_cent_and_is_always_right_is_a_tenth_off():
    posts = [Labelled("x", "finance", body="finance")] * 10
    assert measure(posts, answered(*[of("finance", 0.9)] * 10)).calibration_error == pytest.approx(0.1)


def test_personal_data_is_judged_by_spans_where_labels_give_them():
    text = "هويتي 1023456789 وجوالي 0501234567"
    posts = [Labelled(text, "finance", personal_data=[[6, 16, "identity"]])]
    assert measure(posts).personal_data.f1 == pytest.approx(2 / 3, abs=1e-3)


def test_the_command_prints_one_object_and_names_the_lines_it_left_out(tmp_path):
    file = tmp_path / "posts.jsonl"
    file.write_text(
        json.dumps(
            {
                "text": "متى ينزل الراتب؟",
                "to": "finance",
                "kind": "inquiry",
                "topic": "salaries",
                "body": "finance",
            }
        )
        + '\n{"text": 5}\nnot json\n'
    )
    result = CliRunner().invoke(main, ["evaluate", str(file), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["topic"] == {"macro_f1": 1.0, "accuracy": 1.0, "n": 1}
    assert set(told) == {
        "kind", "body", "topic", "routed_at_97", "calibration_error", "personal_data", "place", "urgent", "per_second",
    }  # fmt: skip
    assert f"{file}:2" in result.stderr
    assert f"{file}:3" in result.stderr


def test_csv_bears_the_same_fields_and_people_get_a_picture(tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text(
        "text,to,kind,body,topic\nمتى ينزل الراتب؟,finance,inquiry,finance,salaries\nشكرا لكم,finance,complaint,,\n"
    )
    result = CliRunner().invoke(main, ["evaluate", str(file)])
    assert result.exit_code == 0, result.output
    assert "the surest mistakes" in result.output
    assert "شكرا لكم" in result.output


def test_files_without_a_label_are_said(tmp_path):
    file = tmp_path / "none.jsonl"
    file.write_text("\n")
    assert "no labelled post" in CliRunner().invoke(main, ["evaluate", str(file)]).output


def test_the_pack_s_own_posts_are_understood():
    """A floor under what was reached; the posts are by the hand that wrote the lexicon, so it proves little more."""
    posts, refused = read(sorted(POSTS.glob("*.jsonl")))
    report = measure(posts)
    assert refused == []
    assert report.kind.accuracy > 0.8
    assert report.body.accuracy > 0.85
    assert report.topic.accuracy > 0.8


@pytest.mark.parametrize(
    "label",
    ['"place": [[]]', '"place": 5', '"place": [["a", "b"]]', '"personal_data": {"a": 1}', '"place": "[broken"'],
)
def test_a_label_that_can_not_be_read_is_named_and_the_others_are_measured(tmp_path, label):
    file = tmp_path / "posts.jsonl"
    file.write_text('{"text": "متى الراتب", "to": "finance", ' + label + '}\n{"text": "شكرا", "to": "finance"}\n')
    posts, refused = read([file])
    assert (len(posts), len(refused)) == (1, 1)
    assert f"{file}:1:" in refused[0]


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path):
    file = tmp_path / "posts.csv"
    file.write_bytes("text,to\nمتى الراتب,finance\n".encode("cp1256"))
    result = CliRunner().invoke(main, ["evaluate", str(file)])
    assert result.exit_code == 1
    assert "posts.csv" in result.output
    assert "UTF-8" in result.output


def test_two_labels_in_one_found_place_count_once(tmp_path):
    file = tmp_path / "posts.jsonl"
    text = "الزبايل في حي النسيم بالرياض"
    file.write_text(json.dumps({"text": text, "to": "municipal", "place": [[11, 13], [14, 20], [22, 28]]}))
    posts, _ = read([file])
    assert measure(posts).place.f1 <= 1


def test_each_refused_line_says_what_is_wanted(tmp_path):
    file = tmp_path / "posts.jsonl"
    file.write_text(
        '{"text": "متى الراتب"}\n{"text": "x", "to": "finance", "urgent": "maybe"}\n{broken\n'
        '{"text": "x", "to": "finance", "personal_data": ["0501234567"]}\n[1]\n'
    )
    _, refused = read([file])
    for line, wanted in zip(
        refused, ("«to» is missing", "urgent is 'maybe'", "no JSON", "marks no part", "an object"), strict=True
    ):
        assert wanted in line
        assert "Error" not in line


def test_a_table_parted_by_semicolons_is_refused_with_its_columns(tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text("text;to\nمتى الراتب;finance\n")
    told = CliRunner().invoke(main, ["evaluate", str(file)]).output
    assert "text;to" in told
    assert "comma" in told


def test_labels_of_no_pack_are_named_and_capitals_do_not_matter(tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text("text,to,kind,urgent\nمتى الراتب,finance,شكوى,نعم\nمتى الراتب؟,finence, Inquiry,لا\n")
    result = CliRunner().invoke(main, ["evaluate", str(file), "--json"])
    assert "kind «شكوى»" in result.stderr
    assert "to «finence»" in result.stderr
    told = json.loads(result.stdout)
    assert told["kind"]["accuracy"] == 0.5
    assert told["urgent"]["n"] == 2


def test_what_was_not_labelled_has_no_figure(tmp_path):
    file = tmp_path / "posts.jsonl"
    file.write_text('{"text": "متى الراتب", "to": "finance"}\n')
    told = json.loads(CliRunner().invoke(main, ["evaluate", str(file), "--json"]).stdout)
    assert told["personal_data"] == told["place"] == told["urgent"] == {"f1": None, "n": 0}
    assert told["kind"] == {"macro_f1": None, "accuracy": None, "n": 0}
    assert told["routed_at_97"] is told["calibration_error"] is None
    shown = CliRunner().invoke(main, ["evaluate", str(file)])
    assert shown.exit_code == 0, shown.output
    assert "hint" in shown.output
