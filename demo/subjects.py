"""What Lindenrath's papers are about: a title, what is said of it, what is decided. Plain data, all of it invented.

Braces are filled by `demo.prose.Writer`. A subject without facts of its own has only the general sentences of
`demo.words`. The subjects differ as a council's do, and many share a part of a word and nothing else (Haushalt and
Haus, Friedhof and Schulhof, Rat and Karate), so that a search has something to tell apart.
"""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """A paper's title, sentences of its statement of facts, and a sentence of its resolution ("" for none)."""

    title: str
    facts: tuple[str, ...] = ()
    resolution: str = ""


PROPOSALS = (
    Subject(
        "Fortschreibung der Schulentwicklungsplanung für die Grundschulen bis 2032",
        (
            "Die Zahl der Schulanfänger steigt; in drei Stadtbezirken fehlen Klassenräume.",
            "Lehrerinnen, Lehrer und Elternvertretungen der betroffenen Schulen sind gehört worden.",
        ),
        "Die Fortschreibung wird beschlossen; die Zügigkeit der Grundschule Fährgasse wird auf drei Züge festgelegt.",
    ),
    Subject(
        "Neubau der Selmkebrücke zwischen Hafenzeile und Möwenhöhe",
        (
            "Die Brücke über die Selmke ist seit dem Hochwasser nur noch für Fußgänger freigegeben.",
            "Das Tragwerk der alten Holzbrücke lässt sich nicht mehr ertüchtigen.",
        ),
        "Der Abriss der Holzbrücke und der Neubau werden ausgeschrieben.",
    ),
    Subject("Umgestaltung der Straße „{street}“ – Baubeschluss"),
    Subject("Sanierung: {school}"),
    Subject("Bebauungsplan Nr. {n} „{place}“ - Satzungsbeschluss"),
    Subject("Annahme von Zuwendungen für die {school}"),
    Subject("Änderung der Satzung über die Parkgebühren im Bereich {place}"),
    Subject("Bereitstellung überplanmäßiger Mittel in Höhe von {amount}: {topic}"),
    Subject("Grundsatzbeschluss zum Thema {topic} (Fortschreibung)"),
    Subject("Erhöhung der Förderung für das {place}; hier: {topic}"),
    Subject(
        "Ankauf eines Gemäldes für das Museum im Kulturspeicher",
        (
            "Das Bild zeigt die alte Ziegelei um 1890 und stammt aus einem Nachlass.",
            "Eine Stiftung übernimmt die Hälfte des Preises.",
        ),
        "Der Ankauf wird gebilligt.",
    ),
    Subject(
        "Straßenreinigungs- und Gebührensatzung",
        ("Die Reinigungsklassen werden neu geordnet.", "Der Winterdienst streut künftig Splitt statt Salz."),
        "Die Gebührensatzung wird beschlossen.",
    ),
    Subject(
        "Kommunale Wärmeplanung: Vergabe der Bestandsanalyse",
        (
            "Untersucht werden Fernwärmenetze, Erdwärmesonden und die Abwärme der Kupferhütte.",
            "Das Land fördert neunzig vom Hundert der Kosten.",
        ),
        "Die Analyse wird an ein Ingenieurbüro vergeben.",
    ),
    Subject(
        "Haushaltssatzung und Haushaltsplan der Stadt Lindenrath für das Jahr {year}",
        (
            "Der Entwurf weist einen Fehlbetrag aus, der durch die Ausgleichsrücklage gedeckt wird.",
            "Die Kreisumlage und die Tarifabschlüsse belasten den Ergebnisplan.",
        ),
        "Der Rat beschließt die Haushaltssatzung mit ihren Anlagen.",
    ),
    Subject(
        "Umbau eines leer stehenden Hauses im Töpferviertel zum Nachbarschaftstreff",
        (
            "Das zweigeschossige Gebäude gehört seit dem Frühjahr der Stadt.",
            "Im Erdgeschoss entstehen eine Küche und ein Saal für fünfzig Gäste.",
        ),
        "Dem Umbau wird zugestimmt.",
    ),
    Subject("Bebauungsplan Nr. {n} „{place}“ – Aufstellungsbeschluss"),
    Subject(
        "Umgestaltung des Bahnhofsvorplatzes",
        (
            "Vor dem Bahnhof fehlen überdachte Fahrradabstellanlagen und ein Taxistand.",
            "Der Busbahnhof bleibt während der Bauzeit in Betrieb.",
        ),
        "Die Entwurfsplanung für den Vorplatz wird gebilligt.",
    ),
    Subject(
        "Neugestaltung des Schulhofs der Förderschule Kupferbogen",
        (
            "Die Asphaltfläche wird entsiegelt, Klettergerüste und Hochbeete kommen hinzu.",
            "Der Förderverein beteiligt sich mit einer Spende.",
        ),
        "Der Schulhof wird außerhalb der Unterrichtszeit für Kinder geöffnet.",
    ),
    Subject(
        "Einrichtung von 40 zusätzlichen Kita-Plätzen im Weiherviertel",
        (
            "Die Warteliste für unter dreijährige Kinder ist auf 63 Namen gewachsen.",
            "Der Träger stellt Container auf, bis das Gebäude fertig ist.",
        ),
        "Die Kita-Plätze werden in die Bedarfsplanung aufgenommen.",
    ),
    Subject(
        "Elternbeiträge für die Offene Ganztagsschule: Anpassung der Beitragsstaffel",
        (
            "Die Elternbeiträge für die Betreuung am Nachmittag sind seit sechs Jahren unverändert.",
            "Geschwisterkinder bleiben beitragsfrei.",
        ),
        "Die Beitragsstaffel wird zum neuen Schuljahr geändert.",
    ),
    Subject(
        "Schuldnerberatung: Einrichtung einer zweiten Beratungsstelle",
        (
            "Immer mehr Menschen sind überschuldet und warten monatelang auf einen Termin.",
            "Der Wohlfahrtsverband bringt zwei Fachkräfte ein.",
        ),
        "Die Beratungsstelle wird für drei Jahre gefördert.",
    ),
    Subject(
        "Zuschuss an den Karateverein Möwenhöhe e. V.",
        ("Der Verein erneuert die Matten seiner Übungshalle.", "Er zählt 140 Mitglieder, darunter viele Mädchen."),
        "Der Zuschuss wird gewährt.",
    ),
    Subject(
        "Änderung der Friedhofsgebührensatzung",
        (
            "Die Gebühren für Urnengräber decken die Kosten nicht mehr.",
            "Die Trauerhalle auf dem Nordfriedhof wird häufiger genutzt als angenommen.",
        ),
        "Die Satzung tritt zum 1. Januar in Kraft.",
    ),
    Subject(
        "Abwasserbeseitigungskonzept für die Jahre 2027 bis 2032",
        (
            "Die Kanäle im Süden der Stadt sind hydraulisch überlastet; das Regenrückhaltebecken wird vergrößert.",
            "Die Kläranlage erhält eine vierte Reinigungsstufe.",
        ),
        "Das Konzept wird der Bezirksregierung vorgelegt.",
    ),
    Subject(
        "Erneuerung der Trinkwasserleitungen im Kupferbogen",
        (
            "Mehrere Rohrbrüche haben Keller überflutet.",
            "Die Stadtwerke rechnen mit einer Bauzeit von sieben Monaten.",
        ),
        "Die Mittel werden freigegeben.",
    ),
    Subject(
        "Neufassung der Baumschutzsatzung",
        (
            "Geschützt sind künftig Bäume mit einem Stammumfang ab 80 Zentimetern.",
            "Für jede genehmigte Fällung ist eine Ersatzpflanzung nachzuweisen.",
        ),
        "Die Baumschutzsatzung wird in der Fassung der Anlage beschlossen.",
    ),
    Subject(
        "Wahl eines Mitglieds für den Verwaltungsrat der Sparkasse Lindenrath",
        ("Das bisherige Mitglied hat sein Mandat niedergelegt.", "Vorgeschlagen werden kann, wer sachkundig ist."),
        "Gewählt ist, wer die meisten Stimmen erhält.",
    ),
    Subject(
        "Neubau des Feuerwehrgerätehauses am Salzanger",
        (
            "Das alte Gerätehaus ist für die heutigen Löschfahrzeuge zu niedrig.",
            "Die Jugendfeuerwehr erhält einen eigenen Übungsraum.",
        ),
        "Der Neubau wird in einem Bauabschnitt errichtet.",
    ),
    Subject(
        "Photovoltaikanlagen auf den Dächern städtischer Gebäude",
        (
            "Geeignet sind elf Dachflächen, darunter die der Turnhallen und der Feuerwache.",
            "Der erzeugte Strom wird selbst verbraucht, der Überschuss eingespeist.",
        ),
        "Die Solaranlagen werden bis zum Jahresende ausgeschrieben.",
    ),
    Subject(
        "Sanierung des Hallenbades an der Mühlwehrstraße",
        (
            "Das Nichtschwimmerbecken verliert Wasser, die Lüftung ist veraltet.",
            "Vereine und Schulen weichen während der Schließung in Nachbarstädte aus.",
        ),
        "Das Bad wird für fünfzehn Monate geschlossen.",
    ),
    Subject(
        "Gesamtabschluss der Stadt Lindenrath",
        ("Der Gesamtabschluss fasst die Stadt und ihre Töchter zusammen.", "Die Prüfung ergab keine Einwendungen."),
        "Dem Oberbürgermeister wird Entlastung erteilt.",
    ),
    Subject(
        "Organisation der Stadtverwaltung: Zusammenlegung von Standesamt und Einwohnermeldeamt",
        (
            "Beide Ämter ziehen in das Erdgeschoss des Rathauses.",
            "Termine werden künftig über das Internet vergeben.",
        ),
        "Die Zusammenlegung wird zur Kenntnis genommen.",
    ),
    Subject(
        "Nahverkehrsplan: Neue Linien im ÖPNV",
        (
            "Die Buslinie 7 verbindet künftig den Oberen Kamp mit dem Krankenhaus.",
            "Abends fährt ein Rufbus, den Fahrgäste eine halbe Stunde vorher bestellen.",
        ),
        "Der Nahverkehrsplan wird fortgeschrieben.",
    ),
    Subject(
        "Selmke-Radweg: Lückenschluss am Schäferdamm",
        (
            "Auf 800 Metern fehlt der Radweg; Radfahrende müssen auf die Fahrbahn ausweichen.",
            "Der Grunderwerb ist abgeschlossen.",
        ),
        "Der Lückenschluss wird gebaut und beleuchtet.",
    ),
    Subject(
        "Entschuldung: Verwendung der Landeshilfe für den Abbau der Altschulden",
        (
            "Die Verbindlichkeiten aus Liquiditätskrediten sollen binnen dreißig Jahren getilgt werden.",
            "Zinsrisiken sinken dadurch erheblich.",
        ),
        "Der Antrag auf Entschuldung wird gestellt.",
    ),
    Subject(
        "Lärmschutzwand entlang der Güterbahnstrecke",
        ("Nachts fahren bis zu sechzig Güterzüge.", "Die Wand wird begrünt und vier Meter hoch."),
        "Der Vereinbarung mit der Bahn wird zugestimmt.",
    ),
    Subject(
        "Verkauf städtischer Grundstücke im Gewerbegebiet Schäferbruch",
        (
            "Drei Betriebe aus dem Handwerk möchten sich ansiedeln.",
            "Der Kaufpreis entspricht dem Bodenrichtwert.",
        ),
        "Die Grundstücke werden veräußert.",
    ),
    Subject(
        "Verlegung des Wochenmarktes auf den Rathausplatz",
        (
            "Die Marktbeschicker wünschen sich mehr Standplätze und einen Stromanschluss.",
            "Freitags findet kein Markt statt, wenn der Tag ein Feiertag ist.",
        ),
        "Der Wochenmarkt wird zunächst probeweise verlegt.",
    ),
    Subject(
        "Hundesteuer: Erhöhung der Steuersätze und Befreiung für Assistenzhunde",
        (
            "Gemeldet sind 2.140 Hunde; der Steuersatz ist zuletzt vor elf Jahren geändert worden.",
            "Tiere aus dem Tierheim bleiben zwei Jahre lang steuerfrei.",
        ),
        "Die Hundesteuersatzung wird geändert.",
    ),
    Subject(
        "Änderung der Hauptsatzung und der Geschäftsordnung des Rates",
        ("Bekanntmachungen erscheinen nur noch im Netz.", "Sitzungen dürfen künftig übertragen werden."),
        "Die Hauptsatzung wird geändert.",
    ),
    Subject(
        "Ehrenamt stärken: Einführung einer Ehrenamtskarte",
        ("Freiwillige erhalten Ermäßigungen in Museen und Bädern.", "Die Karte gilt zwei Jahre."),
        "Die Ehrenamtskarte wird eingeführt.",
    ),
)

MOTIONS = (
    Subject("Antrag: Mehr Bäume an der Straße „{street}“"),
    Subject(
        "Antrag: Sichere Schulwege rund um die Gesamtschule am Weiher",
        ("Elterntaxis gefährden morgens die Kinder.", "Eine Schulstraße ohne Autos ist andernorts erprobt."),
        "Die Schulwege werden überprüft und Gefahrenstellen beseitigt.",
    ),
    Subject(
        "Antrag: Zebrastreifen in der Rübenkamper Straße",
        ("Seniorinnen und Senioren kommen dort kaum hinüber.", "Der Supermarkt zieht viel Verkehr an."),
        "Ein Fußgängerüberweg wird angelegt.",
    ),
    Subject(
        "Antrag: Ladesäulen für E-Autos auf städtischen Parkplätzen",
        ("Wer zur Miete wohnt, kann zu Hause selten laden.", "Die Stadtwerke betreiben die Säulen."),
        "Zwanzig Ladepunkte werden eingerichtet.",
    ),
    Subject(
        "Antrag: Öffentliche Bücherschränke in allen Stadtteilen",
        ("Wer ein Buch mitnimmt, stellt ein anderes hinein.", "Patinnen und Paten kümmern sich um die Schränke."),
        "Vier Bücherschränke werden angeschafft.",
    ),
    Subject(
        "Antrag: Livestream der Ratssitzungen",
        ("Nicht alle können am Nachmittag ins Rathaus kommen.", "Die Aufzeichnung bleibt ein Jahr lang abrufbar."),
        "Die Sitzungen des Rates werden im Internet übertragen.",
    ),
    Subject(
        "Antrag: Trinkbrunnen auf allen Spielplätzen",
        ("In den heißen Sommern fehlt Kindern Wasser zum Trinken.", "Die Brunnen werden im Winter abgestellt."),
        "Fünf Trinkbrunnen werden aufgestellt.",
    ),
    Subject(
        "Antrag: Taubenhaus am Hafen",
        ("Verwilderte Tauben verschmutzen die Fassaden.", "In einem betreuten Taubenschlag lassen sich Eier tauschen."),
        "Ein Taubenhaus wird gebaut.",
    ),
    Subject(
        "Antrag: Bürgerhaushalt für Lindenrath",
        ("Einwohner schlagen vor, wofür ein Teil des Geldes ausgegeben wird.", "Über die Vorschläge wird abgestimmt."),
        "Ein Bürgerhaushalt wird für zwei Jahre erprobt.",
    ),
    Subject("Antrag: Prüfauftrag {topic}"),
    Subject("Antrag: {adj} Bänke im Bereich {place}"),
    Subject("Antrag: Tempo 30 vor der Einrichtung {school}"),
    Subject("Resolution: {topic} muss verlässlich finanziert werden"),
    Subject(
        "Antrag: Skateanlage im Stadtpark",
        ("Jugendliche haben eine Unterschriftenliste übergeben.", "Der Bolzplatz daneben bleibt erhalten."),
        "Ein Standort für die Skateanlage wird gesucht.",
    ),
    Subject(
        "Antrag: Wildblumenwiesen statt Rasen",
        ("Bienen und Schmetterlinge finden dort Nahrung.", "Gemäht wird nur noch zweimal im Jahr."),
        "Zehn Flächen werden eingesät.",
    ),
    Subject(
        "Antrag: Gedenktafel für die Synagoge in der Fährgasse",
        ("Das Gotteshaus wurde 1938 zerstört.", "Schülerinnen der Gesamtschule haben den Text entworfen."),
        "Die Gedenktafel wird im November enthüllt.",
    ),
    Subject(
        "Antrag: Verbot von Schottergärten in neuen Baugebieten",
        ("Steinwüsten heizen sich auf und bieten Insekten keine Nahrung.", "Vorgärten sollen grün bleiben."),
        "Künftige Bebauungspläne schließen Schottergärten aus.",
    ),
    Subject(
        "Antrag: Einrichtung eines Jugendparlaments",
        ("Jugendliche sollen mitreden, bevor entschieden wird.", "Gewählt wird an den Schulen."),
        "Ein Konzept für das Jugendparlament wird erarbeitet.",
    ),
    Subject(
        "Antrag: Kostenlose Schwimmkurse für Grundschulkinder",
        ("Jedes dritte Kind verlässt die vierte Klasse, ohne sicher zu schwimmen.", "Der Sportbund stellt Trainer."),
        "Schwimmkurse werden in den Ferien angeboten.",
    ),
    Subject(
        "Antrag: Hundewiese am Schäferdamm",
        ("Hunde dürfen dort ohne Leine laufen.", "Beutelspender und ein Zaun gehören dazu."),
        "Die Verwaltung richtet eine eingezäunte Freilauffläche ein.",
    ),
    Subject(
        "Antrag: Barrierefreier Umbau der Bushaltestellen",
        ("Mit Rollator oder Kinderwagen ist der Einstieg beschwerlich.", "Blinde brauchen Leitstreifen."),
        "Jährlich werden sechs Haltestellen umgebaut.",
    ),
    Subject(
        "Antrag: Nachtbus am Wochenende",
        ("Nach Mitternacht fährt kein Bus mehr.", "Die Fahrten sollen bis vier Uhr morgens angeboten werden."),
        "Die Kosten eines Nachtbusses werden ermittelt.",
    ),
    Subject(
        "Antrag: Fahrradstraße auf der Lindenzeile",
        ("Die Straße ist eine wichtige Verbindung für den Radverkehr.", "Autos bleiben als Gäste zugelassen."),
        "Die Lindenzeile wird Fahrradstraße.",
    ),
)

QUESTIONS = (
    Subject("Anfrage: Zustand der städtischen Turnhallen"),
    Subject("Anfrage: Rattenbekämpfung an der Selmke"),
    Subject("Anfrage: Unterrichtsausfall wegen Lehrermangels"),
    Subject("Anfrage: Wilde Müllkippen und Abholung von Sperrmüll"),
    Subject("Anfrage: Wohnungslosigkeit im Winter"),
    Subject("Anfrage: Glasfaseranschlüsse für Gewerbebetriebe"),
    Subject("Anfrage: Hitzeschutz in Altenheimen"),
    Subject("Anfrage: Ärztemangel und Schließung von Arztpraxen"),
    Subject("Anfrage: Sachstand {topic}"),
    Subject("Anfrage: Zustand der Straße „{street}“"),
    Subject("Anfrage: Leerstand im {place}"),
    Subject("Anfrage: Aussetzung der Sitzungsgelder"),
    Subject("Anfrage: Straßenbaubeiträge der Anlieger"),
)

NOTICES = (
    Subject("Mitteilung: Sachstand {topic}"),
    Subject(
        "Jahresbericht der Musikschule",
        ("Für das Fach Klavier gibt es Wartelisten, für Posaune freie Plätze.", "Das Orchester reist nach Dänemark."),
    ),
    Subject(
        "Bericht zum Brandschutzbedarfsplan",
        ("Die Hilfsfrist wurde in neun von zehn Fällen eingehalten.", "Es fehlen Atemschutzgeräte."),
    ),
    Subject("Bericht über die Maßnahmen im {place}"),
    Subject(
        "Mitteilung: Umstellung der Straßenbeleuchtung auf LED",
        ("Die neuen Leuchten sparen zwei Drittel des Stroms.", "Insekten werden weniger angelockt."),
    ),
    Subject(
        "Programm der Volkshochschule (VHS) für das Herbstsemester",
        ("Neu sind Sprachkurse für Pflegekräfte.", "Gebärdensprache wird erstmals unterrichtet."),
    ),
    Subject("Quartalsbericht {topic} – Kenntnisnahme"),
    Subject(
        "Bericht der Gleichstellungsbeauftragten",
        ("Der Anteil von Frauen in Führungspositionen ist gestiegen.", "Ein Frauenhaus fehlt im Kreisgebiet."),
    ),
    Subject(
        "Mitteilung: Geburten, Eheschließungen und Sterbefälle",
        ("Die Einwohnerzahl ist leicht gestiegen.", "Beliebt waren Hochzeiten an Freitagen."),
    ),
    Subject(
        "Bericht über das Hochwasser an der Selmke",
        ("Der Pegel erreichte 4,20 Meter.", "Sandsäcke und Pumpen waren rechtzeitig vor Ort."),
    ),
    Subject(
        "Tätigkeitsbericht des Jugendamtes",
        ("Die Inobhutnahmen gingen zurück.", "Streetworker sind an vier Abenden unterwegs."),
    ),
)

SUBJECTS = {"proposal": PROPOSALS, "motion": MOTIONS, "question": QUESTIONS, "notice": NOTICES}
