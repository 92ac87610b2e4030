"""Every address of the site and what answers it. ``key`` is what the address names, ``form`` how to send it."""

from __future__ import annotations

from . import agenda_items, allris, groups, home, meetings, organizations, papers, persons, search, votes
from .page import Loader

FORM = r"(?P<form>\.json|\.csv)?/?$"

ROUTES: dict[str, Loader] = {
    r"^/(?P<form>\.json|\.csv)?$": home.home,
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
    r"^/(?i:allris|bi)(?:/(?P<key>.*))?$": allris.moved,
    rf"^/abstimmungen{FORM}": votes.votes,
    r"^/suche(?P<form>\.json)?/?$": search.search,  # all hits as files: plugins/suche.py
}
