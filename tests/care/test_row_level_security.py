"""Whatever a page asks, the database shows a person the rows of their bodies alone, and takes no others."""

from __future__ import annotations

import json
import uuid

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from tafaul.bodies.models import Body, Membership
from tafaul.care.models import Case, Citizen, Post, Rating, Referral
from tafaul.foundation import acting
from tests.care.everything import NOW, everything_of
from tests.roles import at_the_desk, role

OF_NOBODY = {
    "bodies_person": "log-in needs it before a person is known",
    "bodies_person_groups": "not used, and closed to the desk",
    "bodies_person_user_permissions": "not used, and closed to the desk",
}
"""Tables that need no policy."""

KNOWN_TO_ALL = {
    "bodies_body": "which bodies there are",
    "bodies_workinghours": "when a body works decides when its clocks are due, whoever looks",
    "bodies_dayoff": "as its hours",
    "care_promise": "what a body promises, its units and whoever it is referred to promise",
    "care_silence": "as its promises",
    "care_routingrule": "a body's rules are tried for its units' accounts as well",
}
"""Tables that everybody at a desk reads, and nobody writes for another body."""

TABLES = sorted(
    model._meta.db_table
    for app in ("bodies", "care")
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
)
SECURED = [table for table in TABLES if table not in OF_NOBODY]


def key_of(table: str) -> str:
    return "pgh_id" if table.endswith("event") else "id"


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def all_of(table: str) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_json(t) FROM {table} t")
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]


def touched(statement: str, *parameters: object) -> int:
    """Rows that a statement touched; none when the database refuses it for lack of a right."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.rowcount
    except ProgrammingError as error:
        if error.__cause__.sqlstate != "42501":
            raise
        return 0


@pytest.fixture
def others(pack) -> list[Case]:
    """Two bodies with everything, neither of them the one whose person looks."""
    return [everything_of(Body.objects.get(slug=slug)) for slug in ("commerce", "labour")]


def test_no_table_is_without_a_policy(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        secured = {row[0] for row in cursor.fetchall()}
    assert set(SECURED) <= secured, "secure it in its migration (bodies/row_security.py)"


def test_every_table_is_tried_here(others):
    assert [table for table in SECURED if not rows(table)] == [], "add a row to tests/care/everything.py"


@pytest.mark.parametrize("table", SECURED)
def test_nobody_touches_the_rows_of_another_body(others, person, table):
    kept = all_of(table)
    key = key_of(table)
    foreign = [row[key] for row in kept if row.get("slug") != "finance" and row.get("parent_id") is None]
    someone = person("finance", "administrator")
    before = all_of(table)
    with at_the_desk(someone):
        if table not in KNOWN_TO_ALL:
            assert touched(f"SELECT FROM {table} WHERE {key} = ANY (%s)", foreign) == 0
        assert touched(f"UPDATE {table} SET {key} = {key} WHERE {key} = ANY (%s)", foreign) == 0
        assert touched(f"DELETE FROM {table} WHERE {key} = ANY (%s)", foreign) == 0
        for row in kept:
            again = json.dumps({**row, key: row[key] + 1_000_000})
            assert (
                touched(f"INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, %s)", again) == 0
            )
    assert all_of(table) == before


@pytest.mark.parametrize("table", SECURED)
def test_without_a_person_there_is_nothing(others, table):
    with at_the_desk():
        if table != "bodies_body":
            assert touched(f"SELECT FROM {table}") == 0
        assert touched(f"UPDATE {table} SET {key_of(table)} = 0") == 0
        assert touched(f"DELETE FROM {table}") == 0


@pytest.mark.parametrize("table", TABLES)
def test_workers_see_every_row(others, table):
    kept = rows(table)
    with role("tafaul_jobs"):
        assert rows(table) == kept


@pytest.mark.parametrize("table", SECURED)
def test_a_person_sees_what_is_below_their_body(pack, person, table):
    mecca = Body.objects.filter(parent__slug="municipal").first()
    everything_of(mecca)
    with at_the_desk(person("municipal")):
        assert rows(table) > 0


def test_a_referral_makes_a_case_and_its_account_visible(others, person):
    case = others[0]
    someone = person("finance")
    with at_the_desk(someone):
        assert not Case.objects.exists()
    care_referral = {"from_body": case.body, "to_body": Body.objects.get(slug="finance"), "reason": "competence"}
    case.referrals.update(state="withdrawn")
    Referral.objects.create(case=case, sent_at=NOW, **care_referral)
    with at_the_desk(someone):
        assert list(Case.objects.select_related("account", "citizen")) == [case]
        assert case.posts.count() == 1
        assert case.account.spending.count() == 1


def test_a_person_works_on_what_they_see(others, person):
    someone = person("commerce", "administrator")
    with at_the_desk(someone):
        case = Case.objects.earliest("pk")
        assert Case.objects.filter(pk=case.pk).update(urgency=1) == 1
        assert case.notes.create(by=someone, text="انتبهوا", at=NOW).pk
        assert Membership.objects.create(person=someone, body=case.body, role="agent").pk


def test_an_agent_gives_no_roles_not_even_themselves(others, person):
    someone = person("commerce", "agent")
    with at_the_desk(someone), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Membership.objects.create(person=someone, body=Body.objects.get(slug="commerce"), role="administrator")


def test_who_holds_a_case_s_link_sees_that_case_alone(others):
    case, other = others
    with role("tafaul_desk"), acting.as_case(case.portal_key):
        assert list(Case.objects.all()) == [case]
        assert set(Post.objects.values_list("case", flat=True)) == {case.pk}
        assert list(Citizen.objects.all()) == [case.citizen]
        assert Rating.objects.filter(case=case).update(stars=5, rated_at=NOW) == 1
        assert Rating.objects.filter(case=other).update(stars=5, rated_at=NOW) == 0


def test_a_wrong_key_shows_nothing(others):
    for key in ("", "0" * 36, "b" * 64, "1; DROP TABLE care_case", str(uuid.uuid4())):
        with role("tafaul_desk"), acting.as_case(key):
            assert not Case.objects.exists()


def test_who_was_named_is_forgotten_when_their_work_is_done(others, person):
    someone = person("commerce")
    with role("tafaul_desk"):
        with acting.as_person(someone.pk):
            assert Case.objects.exists()
            with acting.as_system():
                assert not Case.objects.exists()
            assert Case.objects.exists()
        assert not Case.objects.exists()


def test_an_error_in_a_transaction_leaves_nobody_named(others, person):
    someone = person("commerce")
    with role("tafaul_desk"):
        with pytest.raises(ProgrammingError), transaction.atomic(), acting.as_person(someone.pk):
            connection.cursor().execute("SELECT * FROM nothing_of_that_name")
        assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_opened_meanwhile_speaks_for_the_same_person_and_the_next_for_nobody(
    others, person, settings
):
    someone = person("commerce")
    with acting.as_person(someone.pk):
        connection.close()  # as when the database went away, or the pool gives another connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT tafaul_person()")
            assert cursor.fetchone() == (someone.pk,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tafaul_person()")
        assert cursor.fetchone() == (None,)


def test_the_desk_reads_no_table_but_those_it_needs(db):
    granted = "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'tafaul_desk'"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT table_name FROM ({granted}) AS t WHERE table_name !~ '^(bodies|care)_'")
        others = {row[0] for row in cursor.fetchall()}
    assert others == {
        "account_emailaddress", "account_emailconfirmation", "cache", "django_content_type", "django_migrations",
        "django_session", "mfa_authenticator", "procrastinate_events", "procrastinate_jobs",
        "socialaccount_socialaccount", "socialaccount_socialapp", "socialaccount_socialtoken", "usersessions_usersession",
    }  # fmt: skip
