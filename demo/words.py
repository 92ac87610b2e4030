"""The words Lindenrath is made of: plain lists, no logic, nothing taken from a real town."""

NOTICE = "Erfundene Daten – Demonstration, keine echte Stadt"
TOWN = "Lindenrath"

GIVEN_F = (
    "Almut",
    "Birte",
    "Carla",
    "Dorothea",
    "Elke",
    "Frauke",
    "Gesa",
    "Henrike",
    "Insa",
    "Jule",
    "Käthe",
    "Lore",
    "Merle",
    "Nele",
    "Ottilie",
    "Petra",
    "Ruth",
    "Silke",
    "Tomke",
    "Ulla",
    "Wiebke",
)
GIVEN_M = (
    "Arne",
    "Bernd",
    "Claas",
    "Dirk",
    "Enno",
    "Folkert",
    "Gerd",
    "Hajo",
    "Ingo",
    "Jörn",
    "Karsten",
    "Lüder",
    "Malte",
    "Norbert",
    "Ole",
    "Piet",
    "Rainer",
    "Sönke",
    "Tjark",
    "Uwe",
    "Volker",
)
FAMILY_START = (
    "Ahlen",
    "Birken",
    "Dornen",
    "Eschen",
    "Falken",
    "Grüne",
    "Hasel",
    "Ilmen",
    "Kolmen",
    "Lerchen",
    "Mooren",
    "Nessel",
    "Ohlen",
    "Pappel",
    "Quellen",
    "Rohren",
    "Sommern",
    "Tannen",
    "Ulmen",
    "Wachholder",
)
FAMILY_END = ("kampen", "brinker", "becker", "roder", "stedter", "holter", "thaler", "reuters", "wegener", "hofer")
# Employees have names of their own kind, so that a test can search for them and mean nobody else.
STAFF_START = ("Zirbel", "Quast", "Jaspers", "Orlop", "Wybel", "Xylander", "Yttrig", "Zwirn", "Vexel", "Quirl")
STAFF_END = ("inger", "omann", "etzky", "ubner")

# name, genitive as meetings print it, type, sorting number (au010 windows)
BODIES = (
    ("Rat der Stadt Lindenrath", "des Rates der Stadt Lindenrath", "Rat", 0),
    ("Haupt- und Personalausschuss", "des Haupt- und Personalausschusses", "Ausschuss", 10),
    ("Ausschuss für Planung und Stadtentwicklung", "des Ausschusses für Planung und Stadtentwicklung", "Ausschuss", 20),
    ("Bezirksvertretung Lindenrath-Nord", "der Bezirksvertretung des Stadtbezirks Nord", "Bezirksvertretung", 110),
    (
        "Ausschuss für Digitales, Infrastruktur und Mobilität",
        "des Ausschusses für Digitalisierung, Infrastruktur und Mobilität",
        "Ausschuss",
        30,
    ),
    ("Integrationsrat", "des Integrationsrates", "Beirat", 310),
    ("Schulausschuss", "des Schulausschusses", "Ausschuss", 40),
    ("Bezirksvertretung Lindenrath-Süd", "der Bezirksvertretung des Stadtbezirks Süd", "Bezirksvertretung", 120),
    ("Ausschuss für Umweltschutz", "des Ausschusses für Umweltschutz", "Ausschuss", 50),
    ("Jugendhilfeausschuss", "des Jugendhilfeausschusses", "Ausschuss", 60),
    ("Bezirksvertretung Lindenrath-Mitte", "der Bezirksvertretung des Stadtbezirks Mitte", "Bezirksvertretung", 130),
    ("Sportausschuss", "des Sportausschusses", "Ausschuss", 65),
    ("Kultur- und Bildungsausschuss", "des Kultur- und Bildungsausschusses", "Ausschuss", 70),
    ("Rechnungsprüfungsausschuss", "des Rechnungsprüfungsausschusses", "Ausschuss", 75),
    (
        "Ausschuss für Soziales, Gesundheit und Familie",
        "des Ausschusses für Soziales, Gesundheit und Familie",
        "Ausschuss",
        80,
    ),
    ("Wahlausschuss", "des Wahlausschusses - Kommunalwahl", "Ausschuss", 90),
    ("Seniorenbeirat", "des Seniorenbeirates", "Beirat", 320),
    (
        "Ausschuss für Finanzen, Beteiligungen und Immobilien",
        "des Ausschusses für Finanzen, Beteiligungen und Immobilien",
        "Ausschuss",
        95,
    ),
)

# name, group label in vote tables, founded, dissolved
GROUPS = (
    ("SPD-Fraktion", "SPD", "1999-10-01", None),
    ("CDU-Fraktion", "CDU", "1999-10-01", None),
    ("Fraktion Bündnis 90/Die Grünen", "Grüne", "1999-10-01", None),
    ("Fraktion Die Linke", "Linke", "2009-10-21", None),
    ("AfD-Fraktion", "AfD", "2020-11-01", None),
    ("Gruppe Piraten/AL", "Piraten/AL", "2014-06-01", "2020-10-31"),
    ("FDP-Fraktion", "FDP", "2004-10-01", None),
    ("Gruppe UB", "UB", "2009-10-21", "2025-10-31"),
    ("Gruppe Freie Wähler Lindenrath", "FWL", "1999-10-01", "2009-10-20"),
)

# Each term: first day, then the council's seats by group, in the order of the printed columns.
TERMS = (
    ("1999-10-01", (("SPD", "SPD", 14), ("CDU", "CDU", 12), ("Grüne", "GRÜNE", 4), ("FWL", "FWL", 2))),
    (
        "2004-10-01",
        (("SPD", "SPD", 14), ("CDU", "CDU", 11), ("Grüne", "GRÜNE", 4), ("FDP", "FDP", 2), ("FWL", "FWL", 1)),
    ),
    (
        "2009-10-21",
        (
            ("SPD", "SPD", 13),
            ("CDU", "CDU", 10),
            ("Grüne", "Grüne", 5),
            ("Linke", "Linke", 2),
            ("FDP", "FDP", 2),
            ("UB", "UB", 1),
            ("OB", "OB", 1),
        ),
    ),
    (
        "2014-06-14",
        (
            ("SPD", "SPD", 13),
            ("CDU", "CDU", 9),
            ("Grüne", "Grüne", 4),
            ("Linke", "Linke", 3),
            ("Piraten/AL", "Piraten/AL", 2),
            ("AfD", "AfD", 1),
            ("FDP", "FDP", 1),
            ("UB", "UB", 1),
            ("OB", "OB", 1),
        ),
    ),
    (
        "2020-11-01",
        (
            ("SPD", "SPD", 12),
            ("CDU", "CDU", 8),
            ("Grüne", "Grüne", 6),
            ("Linke", "Die Linke", 2),
            ("AfD", "AfD", 3),
            ("FDP", "FDP", 1),
            ("UB", "UB", 1),
            ("OB", "OB", 1),
        ),
    ),
    (
        "2025-11-01",
        (
            ("SPD", "SPD", 11),
            ("CDU", "CDU", 9),
            ("Grüne", "Grüne", 4),
            ("AfD", "AfD", 5),
            ("Linke", "Die Linke", 3),
            ("FDP", "FDP", 1),
            ("OB", "OB", 1),
        ),
    ),
)

ROOMS = (
    ("großer Sitzungssaal (Raum 201)", "Rathaus Lindenrath"),
    ("kleiner Sitzungssaal (Raum 104)", "Rathaus Lindenrath"),
    ("Bürgersaal", "Am Salzanger 3, 00815 Lindenrath"),
    ("Mensa der Gesamtschule am Weiher", ""),
    ("Kulturspeicher, Foyer, Hafenzeile 8, 00815 Lindenrath", ""),
    ("Sitzungsort siehe Einladung!", "Lindenrath"),
)
NOTES = ("Der Zugang erfolgt über den Hof.", "Parkplätze stehen an der Hafenzeile zur Verfügung.")

OFFICES = (
    "FB 11 - Rat und Bezirksvertretungen",
    "FB 22 - Immobilien und Wahlen",
    "FB 31 - Schule und Weiterbildung",
    "FB 51 - Umwelt und Stadtplanung",
    "FB 53 - Tiefbau und Verkehr",
    "FB 55 - Stadtgrün",
    "Bereich 10 - Büro Oberbürgermeister",
)

STREETS = (
    "Lindenzeile",
    "Erlenpfad",
    "Kornmuhmenweg",
    "Hafenzeile",
    "Am Salzanger",
    "Weiherstieg",
    "Ziegelbrückenstraße",
    "Fährgasse",
    "Rübenkamper Straße",
    "Wollspinnerweg",
    "Kupferbogen",
    "Sternschuppenstraße",
    "Grüner Übergang",
    "Schäferdamm",
    "Mühlwehrstraße",
    "Töpferrain",
    "Badehausgasse",
    "Ratsherrenweg",
    "Auf dem Brinkhof",
)
PLACES = (
    "Salzanger",
    "Weiherviertel",
    "Alte Ziegelei",
    "Hafenzeile Süd",
    "Oberer Kamp",
    "Kupferhütte",
    "Schäferbruch",
    "Lindenrath-Nord",
    "Töpferviertel",
    "Möwenhöhe",
)
SCHOOLS = (
    "Grundschule am Weiher",
    "Gesamtschule am Weiher",
    "Förderschule Kupferbogen",
    "Kindertagesstätte Wollspinner",
    "Grundschule Fährgasse",
    "Turnhalle Mühlwehrstraße",
    "Stadtbücherei",
    "Feuerwache Salzanger",
)
TOPICS = (
    "Radverkehrskonzept",
    "Breitbandausbau",
    "Schulwegsicherheit",
    "Spielplatzbedarfsplan",
    "Lärmaktionsplan",
    "Klimaschutzkonzept",
    "Baumkataster",
    "Hochwasserschutz",
    "Parkraumbewirtschaftung",
    "Jugendbeteiligung",
    "Haushaltssicherung",
    "Wohnraumförderung",
    "Öffentliche Toiletten",
    "E-Government-Angebote",
    "Kinder- und Jugendförderplan",
    "Starkregenvorsorge",
    "Fußverkehr",
)
ADJECTIVES = ("zusätzliche", "barrierefreie", "zügige", "überplanmäßige", "vorläufige", "befristete", "ergänzende")

ORAL = (
    "Sachstand {topic} - mündlicher Bericht -",
    "Vorstellung der Planung „{place}“",
    "Bericht aus der {school}",
    "Vortrag der Polizei zur Verkehrssicherheit",
    "Besichtigung der Baustelle „{place}“",
    "Fragen zur Müllabfuhr",
)
HEADINGS = (
    "Anträge und Anfragen",
    "Vorlagen zur Beschlussfassung",
    "Bauangelegenheiten",
    "Mitteilungen der Verwaltung",
)
CLOSED = (
    "Grundstücksangelegenheit {street}",
    "Vergabe von Bauleistungen: {school}",
    "Personalangelegenheit",
    "Bürgschaft für die Stadtwerke",
)

RESOLUTIONS = (
    "Der {body} beschließt, die Straße „{street}“ in dem vorgeschlagenen Umfang zu erneuern.",
    "Die Verwaltung wird beauftragt, bis zum {date} einen Vorschlag zum Thema {topic} vorzulegen.",
    "Für die Maßnahme „{place}“ werden Mittel in Höhe von {amount} bereitgestellt.",
    "Die Entwürfe für das {place} werden öffentlich ausgelegt.",
    "Der Ausbau der {school} erfolgt in {small} Bauabschnitten.",
    "Über den Fortgang ist halbjährlich zu berichten.",
    "Die {adj} Regelung gilt zunächst für {small} Jahre.",
)
FACTS = (
    "Die Anlage im Bereich {place} ist seit mehr als {small} Jahren in Betrieb und genügt den Anforderungen nicht.",
    "Nach einer überschlägigen Schätzung entstehen Kosten in Höhe von {amount}, verteilt auf {small} Haushaltsjahre.",
    "Die Anwohnerinnen und Anwohner der Straße „{street}“ wurden am {date} über die Planung unterrichtet.",
    "Größere Schäden wurden bei der Prüfung – anders als befürchtet – nicht festgestellt.",
    "Fördermittel des Landes können bis zum {date} beantragt werden; eine Zusage liegt noch nicht vor.",
    "Im Zuge der Arbeiten werden rund {n} m² Fläche entsiegelt und {small} Bäume gepflanzt.",
    "Die Verwaltung schlägt deshalb eine {adj} Lösung vor, die mit dem Thema {topic} abgestimmt ist.",
    "Während der Bauzeit bleibt die Zufahrt zur Einrichtung „{school}“ möglich.",
    "Für Fußgängerinnen und Fußgänger wird ein gesicherter Übergang an der Straße „{street}“ angelegt.",
    "Die Gehwege an der Straße „{street}“ sind uneben; Rollstühle und Rollatoren kommen nur mühsam voran.",
    "Eine Bürgerversammlung zum Thema {topic} hat am {date} stattgefunden.",
    "Das Gutachten vom {date} hat gezeigt, dass die Querung überwiegend von Schülerinnen und Schülern genutzt wird.",
)
MINUTES = (
    "{person} begrüßt die Vorlage und fragt nach den Kosten für das {place}.",
    "{person} erklärt, die Fraktion könne dem Vorschlag so nicht zustimmen.",
    "{person} bittet darum, die Ergebnisse dem Protokoll beizufügen.",
    "Die Verwaltung führt aus, dass die Prüfung bis zum {date} abgeschlossen werde.",
    "Auf Nachfrage wird mitgeteilt, dass {amount} im Haushalt vorgesehen seien.",
    "{person} weist auf die Situation in der Straße „{street}“ hin.",
    "Eine kurze Aussprache über das Thema {topic} schließt sich an.",
    "{person} dankt den Ehrenamtlichen für ihren Einsatz.",
    "{person} schlägt eine Ortsbesichtigung im Bereich {place} vor.",
    "Der Vorsitz stellt fest, dass keine weiteren Wortmeldungen vorliegen.",
)
QUESTIONS = (
    "Wie ist der Sachstand beim Thema {topic}?",
    "Welche Kosten sind im Bereich {place} bisher entstanden?",
    "Wann beginnen die Arbeiten in der Straße „{street}“?",
    "Welche {adj} Maßnahmen sind für {year} vorgesehen?",
)
ANSWERS = (
    "Die Arbeiten haben am {date} begonnen und dauern voraussichtlich {small} Monate.",
    "Bislang sind {amount} verausgabt worden.",
    "Eine verbindliche Auskunft ist erst nach dem {date} möglich.",
)
FINANCES = (
    "Die Mittel in Höhe von {amount} stehen im Haushalt {year} zur Verfügung.",
    "Keine.",
    "Es entstehen Folgekosten von jährlich {amount}.",
)
CHANGED_SENTENCE = "Nachträglich geändert: Die Frist wird um {small} Monate bis zum {date} verlängert."

FILE_NAMES = (
    "Lageplan {place}",
    "Kostenübersicht",
    "Entwurf der Satzung",
    "Präsentation {topic}",
    "Stellungnahme Fläche Süd",
    "Übersichtsplan Straßenbäume",
    "Schalltechnisches Gutachten",
    "Wirtschaftlichkeitsberechnung",
    "Bericht {topic} (Fassung vom {date})",
)
HOLIDAYS = {
    (1, 1): "Neujahr",
    (5, 1): "Tag der Arbeit",
    (10, 3): "Tag der Deutschen Einheit",
    (11, 1): "Allerheiligen",
    (12, 25): "1. Weihnachtstag",
    (12, 26): "2. Weihnachtstag",
}
MONTHS = (
    "",
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
