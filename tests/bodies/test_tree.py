"""The tree of bodies: adding, changing, moving and removing, and who may."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import translation

from tafaul.bodies import access, tree
from tafaul.bodies.errors import BelowItself, NotAdministrator, StillNeeded
from tafaul.bodies.models import Body, Membership, Person
from tafaul.bodies.tree import Told
from tafaul.care.models import Case
from tests.care.conftest import take_in

pytestmark = pytest.mark.django_db

UNIT = Told("إدارة النظافة", "Cleaning Department", "920000000", "clean@example.sa", ["riyadh"], ["licences"])


def body(slug: str) -> Body:
    return Body.objects.get(slug=slug)


def test_a_line_goes_from_a_body_up_to_its_ministry(person):
    unit = tree.add(body("amana_riyadh"), person("municipal", "administrator"), UNIT)
    assert [item.slug for item in tree.line_of(unit)] == ["cleaning-department", "amana_riyadh", "municipal"]


def test_bodies_are_listed_below_those_above_them(pack):
    municipal, finance = body("municipal"), body("finance")
    amana = body("amana_riyadh")
    unit = Body.objects.create(slug="unit", parent=amana, name_ar="وحدة", name_en="Unit")
    assert tree.in_order([unit, finance, amana, municipal]) == [
        (0, finance), (0, municipal), (1, amana), (2, unit)
    ]  # fmt: skip
    assert tree.in_order([unit, finance]) == [(0, unit), (0, finance)]


def test_an_administrator_adds_a_unit_and_its_people_see_it(person):
    administrator = person("municipal", "administrator")
    unit = tree.add(body("amana_riyadh"), administrator, UNIT)
    unit.refresh_from_db()
    assert (unit.name_ar, unit.contact_number, unit.referral_email) == (
        "إدارة النظافة", "920000000", "clean@example.sa"
    )  # fmt: skip
    assert (unit.territory, unit.withheld_topics) == (["riyadh"], ["licences"])
    assert unit in access.administered_by(administrator)


def test_bodies_of_one_name_get_slugs_of_their_own(person):
    administrator = person("municipal", "administrator")
    added = [tree.add(body(parent), administrator, UNIT).slug for parent in ("amana_riyadh", "amana_makkah")]
    assert added == ["cleaning-department", "cleaning-department-2"]
    assert tree.add(body("municipal"), administrator, Told("وحدة", "وحدة")).slug == "body"


def test_nobody_adds_changes_moves_or_removes_bodies_of_others(person):
    for someone in (person("amana_riyadh", "administrator"), person("municipal", "supervisor")):
        for act in (
            lambda someone=someone: tree.add(body("municipal"), someone, UNIT),
            lambda someone=someone: tree.change(body("municipal"), someone, UNIT),
            lambda someone=someone: tree.move(body("amana_makkah"), someone, body("amana_riyadh")),
            lambda someone=someone: tree.remove(body("municipal"), someone),
        ):
            with pytest.raises(NotAdministrator):
                act()


def test_a_body_does_not_leave_its_ministry_by_its_own_administrator(person):
    administrator = person("amana_riyadh", "administrator")
    Membership.objects.create(person=administrator, body=body("finance"), role="administrator")
    with pytest.raises(NotAdministrator):
        tree.move(body("amana_riyadh"), administrator, body("finance"))


def test_a_body_is_moved_below_another(person):
    administrator = person("municipal", "administrator")
    tree.move(body("amana_makkah"), administrator, body("amana_riyadh"))
    assert [item.slug for item in tree.line_of(body("amana_makkah"))] == [
        "amana_makkah",
        "amana_riyadh",
        "municipal",
    ]


def test_no_body_comes_to_stand_below_itself(person):
    administrator = person("municipal", "administrator")
    tree.move(body("amana_makkah"), administrator, body("amana_riyadh"))
    for below in ("amana_riyadh", "amana_makkah"):
        with pytest.raises(BelowItself):
            tree.move(body("amana_riyadh"), administrator, body(below))


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_loop(person):
    administrator = person("municipal", "administrator")
    both = [(body("amana_makkah"), body("amana_riyadh")), (body("amana_riyadh"), body("amana_makkah"))]
    started, refused = threading.Barrier(2), []

    def move(moved: Body, parent: Body) -> None:
        started.wait()
        try:
            tree.move(moved, administrator, parent)
        except BelowItself:
            refused.append(moved.slug)
        connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert tree.line_of(body(refused[0]))[-1].slug == "municipal"


def test_a_body_that_nothing_belongs_to_is_removed(person):
    administrator = person("municipal", "administrator")
    unit = tree.add(body("amana_riyadh"), administrator, UNIT)
    tree.remove(unit, administrator)
    assert not Body.objects.filter(slug="cleaning-department").exists()


def test_a_body_with_bodies_accounts_or_people_is_not_removed_and_all_are_named(person, connect):
    administrator = person("municipal", "administrator")
    connect("amana_riyadh")
    tree.add(body("amana_riyadh"), administrator, UNIT)
    agent = person("amana_riyadh")
    Person.objects.filter(pk=agent.pk).update(name_en="Sarah")
    with translation.override("en"), pytest.raises(StillNeeded) as refused:
        tree.remove(body("amana_riyadh"), administrator)
    for named in ("Cleaning Department", "@Tafaul_Riyadh", "Sarah"):
        assert named in str(refused.value)
    assert body("amana_riyadh").memberships.count() == 1


def test_a_body_with_cases_is_not_removed_and_they_are_named(person, connect, x):
    administrator = person("municipal", "administrator")
    unit = tree.add(body("amana_riyadh"), administrator, UNIT)
    account = connect("amana_riyadh")
    x.write(account.handle, "حفرة خطيرة في شارع العليا")
    take_in(account)
    Case.objects.update(body=unit)
    with pytest.raises(StillNeeded, match=Case.objects.get().reference):
        tree.remove(unit, administrator)
    assert Body.objects.filter(pk=unit.pk).exists()


def test_of_a_long_list_the_beginning_is_named_and_the_rest_counted(person):
    with translation.override("en"), pytest.raises(StillNeeded, match=r"and|more") as refused:
        tree.remove(body("municipal"), person("municipal", "administrator"))
    assert str(refused.value).count("·") == StillNeeded.SHOWN
