"""The pages of bodies: their tree, and what administrators say of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tafaul.bodies import access, pack, tree
from tafaul.bodies.errors import StillNeeded
from tafaul.bodies.models import Body
from tafaul.care import clocks, taxonomy
from tafaul.desk.people import DeskRequest, at_the_desk
from tafaul.understanding.normal import digits, words
from tafaul.understanding.places import Gazetteer

NUMBER = re.compile(r"\+?[0-9 ()-]{3,32}")
PLACES_SHOWN = 12


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer(pack.read("places"))


def _topics() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the topics of the pack by body, with their names."""
    names = {body.slug: body.name for body in Body.objects.filter(slug__in=taxonomy.topics_of_bodies())}
    return [
        (names.get(body, body), [(topic, taxonomy.topic_name(topic)) for topic in topics])
        for body, topics in taxonomy.topics_of_bodies().items()
    ]


def _places() -> list[tuple[str, str]]:
    return [(slug, slug) for slug in _gazetteer().places]


class BodyForm(forms.Form):
    """What an administrator says of a body."""

    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200)
    contact_number = forms.CharField(
        label=gettext_lazy("Contact number"),
        required=False,
        max_length=32,
        help_text=gettext_lazy("Citizens are told to call it."),
    )
    referral_email = forms.EmailField(
        label=gettext_lazy("E-mail for referrals"),
        required=False,
        help_text=gettext_lazy("Referrals go there while nobody of the body works here."),
    )
    territory = forms.MultipleChoiceField(choices=_places, required=False)
    withheld_topics = forms.MultipleChoiceField(
        choices=_topics, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_contact_number(self) -> str:
        """Take digits of any script."""
        number = digits(self.cleaned_data["contact_number"])
        if number and not NUMBER.fullmatch(number):
            raise forms.ValidationError(_("Write a telephone number, such as 920000000."))
        return number

    def told(self) -> tree.Told:
        """Return what was said, once it is valid."""
        return tree.Told(**{name: value for name, value in self.cleaned_data.items() if name != "parent"})


def _form(body: Body, parents: QuerySet[Body] | None, data: Any = None) -> BodyForm:
    """Return the form of a body, filled in; with a choice of what it stands below when it can be moved."""
    names = [*BodyForm.base_fields, "parent"]
    form = BodyForm(data, initial={name: getattr(body, name) for name in names})
    if parents is not None:
        form.fields["parent"] = forms.ModelChoiceField(parents, label=_("Stands below"), empty_label=None)
    for name in ("name_ar", "name_en"):
        form.fields[name].widget.attrs["dir"] = "rtl" if name == "name_ar" else "ltr"
    for name in ("contact_number", "referral_email"):
        form.fields[name].widget.attrs["dir"] = "ltr"
    return form


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """The bodies that the person sees, as a tree."""
    seen = access.seen_by(request.user).prefetch_related("accounts")
    context = {
        "bodies": tree.in_order(seen),
        "mine": set(access.administered_by(request.user)),
        "audited": set(access.audited_by(request.user)),
    }
    return render(request, "desk/bodies.html", context)


def _parents(request: DeskRequest, body: Body) -> QuerySet[Body] | None:
    """Return the bodies below which a person may put a body; None when it stays where it is."""
    mine = access.administered_by(request.user)
    if body.parent is None or not mine.filter(pk=body.parent.pk).exists():
        return None
    return mine.exclude(pk__in=access.with_below({body.pk}))


@at_the_desk
def body(request: DeskRequest, slug: str) -> HttpResponse:
    """What is said of a body, for administrators to change."""
    found = get_object_or_404(access.administered_by(request.user), slug=slug)
    form = _form(found, _parents(request, found), request.POST or None)
    if not form.is_valid():
        return render(request, "desk/body.html", {"body": found, **_shown(form)})
    with transaction.atomic():
        tree.change(found, request.user, form.told())
        if (parent := form.cleaned_data.get("parent")) not in (None, found.parent):
            tree.move(found, request.user, parent)
            clocks.recompute(found)
    messages.success(request, _("The body is saved."))
    return redirect("body", slug=found.slug)


@at_the_desk
def add(request: DeskRequest, slug: str) -> HttpResponse:
    """Add a body or unit below one that the person administers."""
    parent = get_object_or_404(access.administered_by(request.user), slug=slug)
    form = _form(Body(), None, request.POST or None)
    if not form.is_valid():
        return render(request, "desk/body.html", {"parent": parent, **_shown(form)})
    added = tree.add(parent, request.user, form.told())
    messages.success(request, _("%(body)s is added.") % {"body": added})
    return redirect("bodies")


@require_POST
@at_the_desk
def remove(request: DeskRequest, slug: str) -> HttpResponse:
    """Remove a body that nothing belongs to."""
    found = get_object_or_404(access.administered_by(request.user), slug=slug)
    try:
        tree.remove(found, request.user)
    except StillNeeded as error:
        messages.error(request, str(error))
        return redirect("body", slug=slug)
    messages.success(request, _("%(body)s is removed.") % {"body": found})
    return redirect("bodies")


@at_the_desk
def places(request: DeskRequest) -> HttpResponse:
    """The chosen places of a form, and those whose names hold what is typed."""
    chosen = request.GET.getlist("territory")
    context = _territory(chosen, _sought(request.GET.get("place", ""), chosen))
    return render(request, "desk/parts/places.html", context)


def _sought(typed: str, chosen: Sequence[str]) -> list[str]:
    """Return places by name, the largest first."""
    said = " ".join(words(typed))
    if len(said) < 2:
        return []
    named = _gazetteer().named.items()
    found = {place for name, places in named if said in " ".join(name) for place in places}
    ranked = sorted(found, key=lambda place: (len(place.within), len(taxonomy.place_name(place.slug))))
    return [place.slug for place in ranked if place.slug not in chosen][:PLACES_SHOWN]


def _territory(chosen: Iterable[str], found: Iterable[str]) -> dict[str, Any]:
    known = _gazetteer().places

    def named(slugs: Iterable[str]) -> list[dict[str, str]]:
        return [{"slug": slug, "within": next(iter(known[slug].within), "")} for slug in slugs if slug in known]

    return {"chosen": named(chosen), "found": named(found)}


def _shown(form: BodyForm) -> dict[str, Any]:
    fields = [form[name] for name in form.fields if name not in ("territory", "withheld_topics")]
    return {"form": form, "fields": fields, **_territory(form["territory"].value() or [], [])}
