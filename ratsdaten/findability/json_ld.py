"""What a page is about in the words of schema.org, for search engines: from the page's own data, nothing else.

Only what the source says: what is unsaid is left out; what has no word there (a ballot, an outcome) stays on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ratsdaten.clock import zone
from ratsdaten.serving.answers import web_address
from ratsdaten.site import addresses
from ratsdaten.site.page import Page

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Here:
    """``absolute`` makes an address of a path below our root; ``site`` is what templates/base.html knows of it."""

    absolute: Callable[[str], str]
    site: Mapping[str, Any]


def json_ld(page: Page, absolute: Callable[[str], str], site: Mapping[str, Any]) -> Node:
    """One graph of what the page is about and where it stands."""
    here = Here(absolute, site)
    nodes = [_website(here) if page.path == "/" else _breadcrumb(page, here)]
    if describe := DESCRIBED.get(page.template):
        nodes.append(describe(page, here))
    return {"@context": "https://schema.org", "@graph": nodes}


def _node(kind: str, **said: Any) -> Node:
    return {"@type": kind} | {key: value for key, value in said.items() if value not in (None, "", [], {})}


def _about(kind: str, page: Page, here: Here, **said: Any) -> Node:
    """What the page as a whole is about; ``sameAs``: its page in the council information system."""
    address = here.absolute(page.path)
    common = {"name": page.title, "url": address, "description": page.description}
    return {"@id": address} | _node(kind, **(common | {"sameAs": web_address(page.source_url)} | said))


def _linked(kind: str, path: str, here: Here) -> Node:
    """Something that another page is about."""
    address = here.absolute(path)
    return {"@id": address} | _node(kind, url=address)


def _website(here: Here) -> Node:
    target = _node("EntryPoint", urlTemplate=here.absolute("/suche") + "?q={search_term_string}")
    search = _node("SearchAction", target=target) | {"query-input": "required name=search_term_string"}
    return _node(
        "WebSite", name=here.site.get("title"), url=here.absolute("/"), inLanguage="de", potentialAction=search
    )


def _breadcrumb(page: Page, here: Here) -> Node:
    steps = [("Start", "/"), *page.parents, (page.title, page.path)]
    return _node(
        "BreadcrumbList",
        itemListElement=[
            _node("ListItem", position=place, name=label, item=here.absolute(path))
            for place, (label, path) in enumerate(steps, 1)
        ],
    )


def _body(row: Mapping[str, Any], here: Here) -> Node | None:
    """The body a row names (organization, organization_id)."""
    if not row["organization"]:
        return None
    path = row["organization_id"] and addresses.organization(row["organization_id"])
    return _node("GovernmentOrganization", name=row["organization"], url=path and here.absolute(path))


def _meeting(page: Page, here: Here) -> Node:
    meeting = page.data["meeting"]
    place = ", ".join(meeting[key] for key in ("room", "location") if meeting[key])
    begin, end = (_moment(meeting["date"], meeting[key]) for key in ("start_time", "end_time"))
    day = _moment(meeting["date"], None)
    return _about(
        "Event",
        page,
        here,
        startDate=begin or day,
        endDate=end if begin and end and end > begin else None,
        eventStatus=f"https://schema.org/{'EventCancelled' if meeting['cancelled'] else 'EventScheduled'}",
        location=_node("Place", name=place, address=meeting["location"] or place) if place else None,
        organizer=_body(meeting, here),
    )


def _moment(day: str | None, clock: str | None) -> str | None:
    """A day, or a time of that day with its distance to UTC."""
    try:
        if clock:
            return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone.get()).isoformat()
        return date.fromisoformat(day or "").isoformat()
    except ValueError:
        return None


def _item(page: Page, here: Here) -> Node:
    item = page.data["item"]
    paper, meeting = item["paper_id"], item["meeting_id"]
    return _about(
        "CreativeWork",
        page,
        here,
        inLanguage="de",
        about=_linked("CreativeWork", addresses.paper(paper, item["slug"]), here) if paper else None,
        recordedAt=_linked("Event", addresses.meeting(meeting), here) if meeting else None,
    )


def _paper(page: Page, here: Here) -> Node:
    paper = page.data["paper"]
    return _about(
        "CreativeWork",
        page,
        here,
        identifier=paper["reference"],
        genre=paper["paper_type"],
        creditText=paper["author"],
        inLanguage="de",
    )


def _document(page: Page, here: Here) -> Node:
    of = [
        _linked("Event" if owner["kind"] == "meetings" else "CreativeWork", owner["path"], here)
        for owner in page.data["belongs_to"]
    ]
    return _about(
        "DigitalDocument", page, here, encodingFormat=page.data["file"]["mime_type"], about=of, inLanguage="de"
    )


def _organization(page: Page, here: Here) -> Node:
    body = page.data["organization"]
    days = {"foundingDate": body["start_date"], "dissolutionDate": body["end_date"]}
    return _about("GovernmentOrganization", page, here, alternateName=body["short_name"], **days)


def _group(page: Page, here: Here) -> Node:
    group = page.data["group"]
    return _about("Organization", page, here, name=group["full_name"] or group["name"], alternateName=group["name"])


def _person(page: Page, here: Here) -> Node:
    person = page.data["person"]
    bodies = {row["organization_id"]: _body(row, here) for row in page.data["current"] if row["organization"]}
    return _about(
        "Person",
        page,
        here,
        familyName=person["family_name"],
        givenName=person["given_name"],
        honorificPrefix=person["title"],
        memberOf=list(bodies.values()),
    )


def _dataset(page: Page, here: Here) -> Node:
    files = {
        f"/daten/{page.data['database']}.zip": "application/zip",
        "/daten/datapackage.json": "application/json",
        page.data["file"]: "application/vnd.sqlite3",
    }
    return _about(
        "Dataset",
        page,
        here,
        name=here.site.get("title"),
        dateModified=page.fetched_at,
        inLanguage="de",
        isAccessibleForFree=True,
        license=web_address(here.site.get("licence")),
        isBasedOn=web_address(here.site.get("source_url")),
        creator=_node("Organization", name=here.site.get("title"), url=here.absolute("/")),
        distribution=[
            _node("DataDownload", contentUrl=here.absolute(path), encodingFormat=kind)
            for path, kind in files.items()
            if path
        ],
    )


#: Template of a page -> what it describes.
DESCRIBED: dict[str, Callable[[Page, Here], Node]] = {
    "sitzung.html": _meeting,
    "top.html": _item,
    "vorlage.html": _paper,
    "dokument.html": _document,
    "gremium.html": _organization,
    "fraktion.html": _group,
    "person.html": _person,
    "daten.html": _dataset,
}
