"""`tafaul intake FILE...`: archives go through the same spine, and what can't be read is listed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tafaul.care import outbox
from tafaul.care.models import Case, Post
from tafaul.cli import main
from tests.care import conftest as in_process

pytestmark = pytest.mark.django_db(transaction=True)

USERS = [{"id": "77", "username": "abu_fahad", "name": "أبو فهد"}]


def post(number: int, **more: object) -> dict:
    return {
        "id": str(1_990_000_000_000_000_000 + number),
        "text": f"@Tafaul_Finance متى ينزل راتب شهر {number}",
        "author_id": "77",
        "created_at": "2026-11-20T10:00:00.000Z",
        **more,
    }


def take_in(*files: Path, columns: str | None = None):
    options = ["--columns", columns] if columns else []
    return CliRunner().invoke(main, ["intake", "--to", "@tafaul_finance", *options, *map(str, files)])


def rejects(file: Path) -> list[dict]:
    return [json.loads(line) for line in Path(f"{file}.rejected.jsonl").read_text().splitlines()]


@pytest.fixture
def account(connect):
    return connect("finance")


def pages_of_x(numbers) -> str:
    return "\n".join(json.dumps({"data": [post(n)], "includes": {"users": USERS}}) for n in numbers)


def test_pages_of_x_become_cases(account, tmp_path):
    file = tmp_path / "pages.jsonl"
    file.write_text(pages_of_x(range(5)))
    result = take_in(file)
    assert result.exit_code == 0, result.output
    assert "5 posts read, 5 new, 0 rejected" in result.output
    assert Post.objects.filter(case__topic="salaries").count() == 5
    assert Case.objects.count() == 1  # of one citizen, about one matter
    assert not Path(f"{file}.rejected.jsonl").exists()


def test_a_second_time_adds_nothing(account, tmp_path):
    file = tmp_path / "pages.jsonl"
    file.write_text(pages_of_x(range(5)))
    take_in(file)
    assert "5 posts read, 0 new" in take_in(file).output


def test_an_indented_page_is_one_document(account, tmp_path):
    file = tmp_path / "page.json"
    file.write_text(json.dumps({"data": [post(1), post(2)], "includes": {"users": USERS}}, indent=2))
    assert "2 posts read, 2 new" in take_in(file).output


def test_lines_of_twarc_hold_single_posts_with_their_author(account, tmp_path):
    file = tmp_path / "twarc.jsonl.gz"
    lines = "\n".join(json.dumps(post(n, author=USERS[0], __twarc={"version": "2.14"})) for n in range(3))
    file.write_bytes(gzip.compress(lines.encode()))
    assert "3 posts read, 3 new" in take_in(file).output
    assert Post.objects.first().citizen.handle == "abu_fahad"


def test_what_cannot_be_read_is_listed_with_its_line_and_reason(account, tmp_path):
    file = tmp_path / "broken.jsonl"
    lines = [
        json.dumps(post(1, author=USERS[0])),
        '{"id": "12',
        "",
        json.dumps({"text": "without an id"}),
        "[1, 2]",
        json.dumps(post(2, author=USERS[0])),
    ]
    file.write_text("\n".join(lines))
    result = take_in(file)
    assert "2 posts read, 2 new, 4 rejected" in result.output
    assert f"{file}.rejected.jsonl" in result.output.replace("\n", "")
    listed = rejects(file)
    assert [item["line"] for item in listed] == [2, 4, 5, 5]
    assert listed[0]["reason"].startswith("not JSON")
    assert all(item["reason"] and item["raw"] for item in listed)


def test_bytes_that_are_no_utf_8_lose_only_themselves(account, tmp_path):
    file = tmp_path / "latin.jsonl"
    file.write_bytes(json.dumps(post(1, author=USERS[0]), ensure_ascii=False).encode().replace(b"1", b"\xe9", 0))
    with file.open("ab") as stream:
        stream.write(b'\n{"id": "1990000000000000009", "text": "\xff\xfe \xd8\xb1\xd8\xa7\xd8\xaa\xd8\xa8"}')
    assert "2 posts read, 2 new, 0 rejected" in take_in(file).output
    assert "\ufffd" in Post.objects.get(external_id="1990000000000000009").text


def test_csv_with_a_column_map(account, tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text(
        "\ufefftweet_id,body,user,when,dm\n"
        '101,"متى ينزل الراتب؟, يا وزارة",abu_fahad,2026-11-20 10:00:00,no\n'
        "102,شكرا لكم,@Um_Khalid,2026-11-20T11:00:00+03:00,yes\n"
    )
    result = take_in(file, columns="id=tweet_id,text=body,author=user,written_at=when,private=dm")
    assert "2 posts read, 2 new, 0 rejected" in result.output
    assert Post.objects.get(external_id="101").text == "متى ينزل الراتب؟, يا وزارة"
    assert Post.objects.get(external_id="102").visibility == "private"
    assert Post.objects.get(external_id="102").citizen.handle == "Um_Khalid"


def test_csv_rows_that_cannot_be_posts_are_listed(account, tmp_path):
    file = tmp_path / "posts.csv.gz"
    rows = "id,text,author,written_at\n,no id,someone,2026-11-20\n7,no time,someone,yesterday\n8,ok\0ay,someone,2026-11-20\n9\n"
    file.write_bytes(gzip.compress(rows.encode()))
    assert "1 posts read, 1 new, 3 rejected" in take_in(file).output
    assert [item["line"] for item in rejects(file)] == [2, 3, 5]


def test_a_missing_column_is_said_before_anything_is_stored(account, tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text("tweet_id,text,author,written_at\n1,a,b,2026-11-20\n")
    result = take_in(file)
    assert result.exit_code == 2
    assert "no column id; it has tweet_id, text" in result.output
    assert Post.objects.count() == 0


def test_an_unknown_account_is_said_with_those_that_are_known(account, tmp_path):
    file = tmp_path / "pages.jsonl"
    file.write_text("{}")
    result = CliRunner().invoke(main, ["intake", "--to", "nobody", str(file)])
    assert result.exit_code == 2
    assert "@Tafaul_Finance" in result.output


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x1f\x8b broken gzip", b"[[[[[" * 100_000])
def test_files_without_a_post_end_in_peace(account, tmp_path, content):
    file = tmp_path / "odd.jsonl"
    file.write_bytes(content)
    result = take_in(file)
    assert "0 new" in result.output, result.output
    assert not result.exception or isinstance(result.exception, SystemExit)


def test_reading_an_archive_costs_nothing(account, tmp_path):
    file = tmp_path / "pages.jsonl"
    file.write_text(pages_of_x(range(5)))
    take_in(file)
    assert not account.spending.exists()


def test_ids_that_a_spreadsheet_rounded_are_rejected_and_said(account, tmp_path):
    file = tmp_path / "excel.csv"
    file.write_text(
        "id,text,author,written_at\n1.58712E+18,a,someone,2026-11-20\n1.58712E+18,b,someone,2026-11-20\n"
    )
    assert "0 posts read, 0 new, 2 rejected" in take_in(file).output
    assert "spreadsheet" in rejects(file)[0]["reason"]


def test_what_the_account_itself_wrote_is_no_post(account, tmp_path):
    file = tmp_path / "own.jsonl"
    own = {"id": account.external_id, "username": account.handle, "name": "المالية"}
    file.write_text(json.dumps(post(1, author=own, author_id=own["id"])))
    take_in(file)
    assert Post.objects.count() == 0


def test_an_old_archive_neither_renames_people_nor_opens_their_answered_cases(account, person, x, tmp_path):
    x.write(account.handle, "متى ينزل الراتب هالشهر؟", author="new_name")
    in_process.take_in(account)
    case = Case.objects.get()
    in_process.answer(case, person("finance"))
    outbox.deliver(account)
    old = {"id": case.citizen.external_id, "username": "old_name", "name": "قديم"}
    file = tmp_path / "old.jsonl"
    file.write_text(json.dumps(post(1, author=old, author_id=old["id"], created_at="2019-05-05T10:00:00.000Z")))
    take_in(file)
    case.refresh_from_db()
    assert (case.state, case.citizen.handle, case.posts_count) == ("answered", "new_name", 1)
    assert Case.objects.count() == 2
