"""Every address of the site and what answers it. ``key`` is what the address names, ``form`` how to send it."""

from __future__ import annotations

from . import (
    agenda_items,
    allris,
    documents,
    groups,
    home,
    meetings,
    organizations,
    papers,
    persons,
    revisions,
    search,
    votes,
)
from .page import Loader

FORM = r"(?P<form>\.json|\.csv|\.excel\.csv)?/?$"

ROUTES: dict[str, Loader] = {
    rf"^/{FORM}": home.home,
    rf"^/gremien{FORM}": organizations.organizations,
    rf"^/gremium/(?P<key>[^/.]+){FORM}": organizations.organization,
    rf"^/personen{FORM}": persons.people,
    rf"^/person/(?P<key>[^/.]+){FORM}": persons.person,
    rf"^/fraktionen{FORM}": groups.groups,
    rf"^/fraktion/(?P<key>[^/.]+){FORM}": groups.group,
    rf"^/sitzungen{FORM}": meetings.meetings,
    rf"^/sitzung/(?P<key>[^/.]+){FORM}": meetings.meeting,
    rf"^/top/(?P<key>[^/.]+){FORM}": agenda_items.agenda_item,
    rf"^/vorlagen{FORM}": papers.papers,
    rf"^/vorlage/(?P<key>.+?){FORM}": papers.paper,
    rf"^/dokument/(?P<key>[^/.]+){FORM}": documents.document,
    r"^/(?i:allris|bi)(?:/(?P<key>.*))?$": allris.moved,
    rf"^/abstimmungen{FORM}": votes.votes,
    rf"^/aenderungen{FORM}": revisions.all_revisions,
    rf"^/aenderung/(?P<key>[^/.]+){FORM}": revisions.revision,
    r"^/suche(?P<form>\.json)?/?$": search.search,  # all hits as files: plugins/suche.py
}
