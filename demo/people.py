"""Lindenrath's bodies, groups, elected people and employees, and who sits where."""

from __future__ import annotations

from . import words
from .dice import Dice
from .records import Membership, Organization, Person

COUNCIL_KEY = 1
FIRST_BODY = 11
FIRST_GROUP = 21
FIRST_PERSON = 101
FIRST_STAFF = 901
STAFF_IN_ROSTERS = 6


class People:
    """Everyone there is; a few hundred records at most, built once."""

    def __init__(self, seed: int, bodies: int, groups: int, persons: int) -> None:
        self._seed = seed
        self.bodies = tuple(_body(index) for index in range(bodies))
        self.groups = tuple(_group(index) for index in range(groups))
        self.organizations = {org.id: org for org in (*self.bodies, *self.groups)}
        self.staff = tuple(self._staff(index) for index in range(len(words.STAFF_START) * len(words.STAFF_END)))
        self.persons = tuple(self._person(index) for index in range(persons))
        #: Those who write and process papers; the first few sit in bodies ("Verwaltung") and are members there.
        self.clerks = self.staff[STAFF_IN_ROSTERS:]
        self._by_id = {p.id: p for p in (*self.persons, *self.staff)}
        term_seats = words.TERMS[-1][1]
        self._seats = ["OB"] + [group for group, _, seats in term_seats if group != "OB" for _ in range(seats)]
        self.rosters = {org.id: tuple(self._roster(org)) for org in self.organizations.values()}
        self._memberships: dict[int, list[Membership]] = {}
        for roster in self.rosters.values():
            for member in roster:
                if member.person_id is not None:
                    self._memberships.setdefault(member.person_id, []).append(member)

    def person(self, person_id: int) -> Person | None:
        """The person of that KPLFDNR, employees in rosters included."""
        found = self._by_id.get(person_id)
        return found if found and (not found.staff or found.id < FIRST_STAFF + STAFF_IN_ROSTERS) else None

    def memberships(self, person_id: int, history: bool = False) -> list[Membership]:
        """What the person's page lists: present memberships, with `history` the past ones too."""
        present = list(self._memberships.get(person_id, ()))
        index = person_id - FIRST_PERSON
        if not history or not 0 <= index < len(self.persons) or index % 3:
            return present
        # Every third person sat there in the term before, too.
        past = [
            Membership(
                self.bodies[0].id,
                person_id,
                self.persons[index].name,
                "Stadtverordnete(r)",
                self.affiliation(index),
                "2020-11-01",
                "2025-10-31",
            )
        ]
        ended = [group for group in self.groups if group.end_date]
        if ended and index % 9 == 0:
            group = ended[index // 9 % len(ended)]
            past.append(
                Membership(
                    group.id,
                    person_id,
                    self.persons[index].name,
                    "Mitglied",
                    group.name,
                    group.start_date,
                    group.end_date,
                )
            )
        return present + past

    def seat(self, index: int) -> str:
        """The group label of the person at that index (council first, then the groups' citizens)."""
        return self._seats[index] if index < len(self._seats) else self._seats[1 + index % (len(self._seats) - 1)]

    def affiliation(self, index: int) -> str:
        """The Funktion column: the group's name, or "fraktionslos (FDP)" for who has none."""
        label = self.seat(index)
        group = self.group(label)
        return "" if label == "OB" else group.name if group and not group.end_date else f"fraktionslos ({label})"

    def group(self, label: str) -> Organization | None:
        """The group printed under that label in vote tables."""
        for group, row in zip(self.groups, words.GROUPS):
            if row[1] == label:
                return group
        return None

    def elected(self, dice: Dice) -> Person:
        """Some council member."""
        return self.persons[1 + dice.below(min(len(self._seats), len(self.persons)) - 1)]

    def clerk(self, dice: Dice) -> Person:
        """Some employee."""
        return dice.pick(self.clerks)

    def _person(self, index: int) -> Person:
        female = (index + self._seed) % 2 == 0
        given = Dice(self._seed, 11, index).pick(words.GIVEN_F if female else words.GIVEN_M)
        start, end = divmod(index * 7 + self._seed, len(words.FAMILY_END))
        family = words.FAMILY_START[start % len(words.FAMILY_START)] + words.FAMILY_END[end]
        if index % 17 == 5:
            family += "-" + words.FAMILY_START[index % 20] + "au"
        title = "Dr." if index % 13 == 4 else ""
        name = " ".join(part for part in (title, given, family) if part)
        return Person(FIRST_PERSON + index, name, family, given, "Frau" if female else "Herr", title)

    def _staff(self, index: int) -> Person:
        female = index % 2 == 1
        given = Dice(self._seed, 12, index).pick(words.GIVEN_F if female else words.GIVEN_M)
        family = words.STAFF_START[index % len(words.STAFF_START)] + words.STAFF_END[index // len(words.STAFF_START)]
        return Person(FIRST_STAFF + index, f"{given} {family}", family, given, "Frau" if female else "Herr", "", True)

    def _roster(self, org: Organization) -> list[Membership]:
        if org.end_date:
            return []
        if org.organization_type == "Fraktion":
            return self._group_roster(org)
        if org.organization_type == "Rat":
            return [
                self._member(org, index, "Oberbürgermeister" if index == 0 else "Stadtverordnete(r)")
                for index in range(min(len(self._seats), len(self.persons)))
            ]
        return self._committee_roster(org)

    def _group_roster(self, org: Organization) -> list[Membership]:
        indexes = [i for i in range(len(self.persons)) if self.seat(i) and self.group(self.seat(i)) == org]
        roles = ["Fraktionsvorsitzende/r", "stellv. Fraktionsvorsitzende/r"]
        roster = []
        for place, index in enumerate(indexes):
            plain = "Fraktionsmitglied" if index < len(self._seats) else "zubenannte/r Bürger/in"
            roster.append(self._member(org, index, roles[place] if place < 2 else plain))
        roster.append(Membership(org.id, None, "Nora Heidschnuckenau", "zubenannte/r Bürger/in", org.name))
        return roster

    def _committee_roster(self, org: Organization) -> list[Membership]:
        dice = Dice(self._seed, 13, org.key)
        roles = (
            ["Vorsitzendes Mitglied", "Stellvertr. Vorsitz"]
            + ["Ausschussmitglied"] * 9
            + [
                "stellvertr. Ausschussmitglied",
                "sachkundige(r) Bürger(in)",
                "sachkundige(r) Bürger(in)",
                "beratendes Mitglied",
            ]
        )
        first = 1 + dice.below(len(self.persons) - 1)
        step = next(s for s in (2, 3, 5, 7) if (len(self.persons) - 1) % s)
        indexes = [1 + (first + place * step) % (len(self.persons) - 1) for place in range(len(roles))]
        roster = [self._member(org, index, role) for index, role in zip(indexes, roles)]
        for place in range(1 + org.key % 2):
            person = self.staff[(org.key * 2 + place) % STAFF_IN_ROSTERS]
            roster.append(Membership(org.id, person.id, person.name, "Verwaltung", "Stadtverwaltung", staff=True))
        trap = org.key % 4
        if trap == 0:
            roster.append(Membership(org.id, FIRST_PERSON + indexes[-1], "", "Ständige Vertretung", "Seniorenbeirat"))
        elif trap == 1:
            roster.append(Membership(org.id, None, "N. N.", "Ausschussmitglied", ""))
        elif trap == 2:
            roster.append(Membership(org.id, None, "Ragna Uferlauter", "beratendes Mitglied", "freie Träger"))
        else:
            person = self.persons[indexes[-1]]
            roster.append(Membership(org.id, person.id, person.family_name, "Ständige Vertretung", ""))
        return roster

    def _member(self, org: Organization, index: int, role: str) -> Membership:
        person = self.persons[index]
        since = "2025-11-01" if index % 4 else "2026-01-15"
        return Membership(org.id, person.id, person.name, role, self.affiliation(index), since)


def _body(index: int) -> Organization:
    name, genitive, kind, sort = words.BODIES[index]
    if kind == "Rat":
        return Organization(f"pa{COUNCIL_KEY}", COUNCIL_KEY, name, kind, genitive, sort)
    key = FIRST_BODY + index
    return Organization(f"au{key}", key, name, kind, genitive, sort)


def _group(index: int) -> Organization:
    name, _, start, end = words.GROUPS[index]
    key = FIRST_GROUP + index
    return Organization(f"fr{key}", key, name, "Fraktion", f"der {name}", index, start, end)
