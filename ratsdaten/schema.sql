-- The data contract: one SQLite file per town, names after OParl 1.1.
-- NULL means "the source does not say". Dates are YYYY-MM-DD, times HH:MM local, *_at UTC ISO 8601.
-- Change it together with SCHEMA_VERSION in database.py and the descriptions in metadata.yml.

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,            -- au235, pa1, fr12: ALLRIS list prefix + number
    name TEXT,
    short_name TEXT,
    organization_type TEXT,
    start_date TEXT,
    end_date TEXT,
    source_url TEXT,
    fetched_at TEXT
);

CREATE TABLE persons (
    id INTEGER PRIMARY KEY,         -- KPLFDNR
    name TEXT,
    family_name TEXT,
    given_name TEXT,
    form_of_address TEXT,
    title TEXT,
    source_url TEXT,
    fetched_at TEXT
);

CREATE TABLE groups (
    name TEXT PRIMARY KEY,
    full_name TEXT,
    color TEXT
);

CREATE TABLE outcomes (
    name TEXT PRIMARY KEY,          -- accepted, rejected …: outcomes.yml
    label TEXT NOT NULL,
    color TEXT NOT NULL
);

-- How the source's own words are read; a phrase that nobody has entered in outcomes.yml means "unknown".
CREATE TABLE phrases (
    kind TEXT NOT NULL CHECK (kind IN ('result', 'role', 'affiliation', 'author')),
    phrase TEXT NOT NULL,
    meaning TEXT NOT NULL,          -- an outcome; decides, advises, is_informed; a group
    PRIMARY KEY (kind, phrase, meaning)
) WITHOUT ROWID;

CREATE TABLE memberships (
    id INTEGER PRIMARY KEY,
    person_id INTEGER REFERENCES persons(id),   -- NULL: the roster prints a name without a link
    organization_id TEXT NOT NULL REFERENCES organizations(id),
    name TEXT,                                  -- as printed in the roster
    role TEXT,
    affiliation TEXT,
    group_name TEXT REFERENCES groups(name),
    start_date TEXT,
    end_date TEXT,
    source_url TEXT,
    fetched_at TEXT
);

CREATE TABLE meetings (
    id INTEGER PRIMARY KEY,         -- SILFDNR
    organization_id TEXT REFERENCES organizations(id),  -- known only from the calendar: by its name (derive.sql)
    organization_name TEXT,         -- as printed on the meeting's own page
    name TEXT,
    date TEXT,
    start_time TEXT,
    end_time TEXT,
    status TEXT,
    occasion TEXT,
    room TEXT,
    location TEXT,
    cancelled INTEGER CHECK (cancelled IN (0, 1)),
    source_url TEXT,
    fetched_at TEXT,
    -- What to call it where a row refers to it: body and day
    label TEXT AS (coalesce(organization_name, name, 'Sitzung')
                   || coalesce(', ' || substr(date, 9, 2) || '.' || substr(date, 6, 2) || '.' || substr(date, 1, 4), ''))
);

CREATE TABLE papers (
    id INTEGER PRIMARY KEY,         -- VOLFDNR
    reference TEXT,
    name TEXT,
    paper_type TEXT,
    status TEXT,
    author TEXT,
    lead TEXT,
    date TEXT,
    outcome TEXT REFERENCES outcomes(name),     -- what the bodies that decide made of it; where none is said to decide, the last station
    decided TEXT,                               -- the day of that decision
    slug TEXT,                      -- what its permalink ends in: the reference where it is this paper's alone, else the id
    text_html TEXT,
    text TEXT,
    source_url TEXT,
    fetched_at TEXT
);

CREATE TABLE agenda_items (
    id INTEGER PRIMARY KEY,         -- TOLFDNR
    meeting_id INTEGER REFERENCES meetings(id),
    position INTEGER,               -- NULL: not (or no longer) on the agenda, known from elsewhere
    number TEXT,
    public INTEGER CHECK (public IN (0, 1)),
    supplement INTEGER CHECK (supplement IN (0, 1)),
    name TEXT,
    paper_id INTEGER REFERENCES papers(id),
    result TEXT,
    outcome TEXT REFERENCES outcomes(name),
    vote_state TEXT CHECK (vote_state IN ('by_group', 'by_group_partly', 'totals', 'words', 'unread')),
    minutes_html TEXT,
    minutes_text TEXT,
    resolution_html TEXT,
    resolution_text TEXT,
    vote_html TEXT,
    vote_text TEXT,
    source_url TEXT,
    fetched_at TEXT
);

CREATE TABLE consultations (
    id TEXT PRIMARY KEY,            -- vo77-2: second line of the Beratungsfolge of paper 77
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    organization_id TEXT REFERENCES organizations(id),
    meeting_id INTEGER REFERENCES meetings(id),
    agenda_item_id INTEGER REFERENCES agenda_items(id) ON DELETE SET NULL,
    organization_name TEXT,         -- as printed; the page does not link the body
    date TEXT,
    role TEXT,
    status TEXT,
    result TEXT,
    source_url TEXT,
    fetched_at TEXT
);

CREATE TABLE files (
    id TEXT PRIMARY KEY,            -- do431017 (DOLFDNR), vo77-1, to9001-2, si501-1
    name TEXT,
    number INTEGER,
    modified TEXT,
    url TEXT,
    mime_type TEXT,
    size INTEGER,                   -- of the downloaded file, else printed_size
    printed_size INTEGER,           -- as its page prints it, rounded
    page_count INTEGER,
    text_source TEXT CHECK (text_source IN ('embedded', 'ocr', 'none')),
    sha256 TEXT,                    -- of the downloaded file: its place in the store
    checked_at TEXT,                -- when the download was last tried
    problem TEXT,                   -- why there is no file or no text
    source_url TEXT,
    fetched_at TEXT,
    text TEXT                       -- pages parted by form feeds; last, so that nothing else has to be read past it
);
CREATE TABLE meeting_files (
    meeting_id INTEGER NOT NULL REFERENCES meetings(id),
    file_id TEXT NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    PRIMARY KEY (meeting_id, file_id)
);
CREATE TABLE agenda_item_files (
    agenda_item_id INTEGER NOT NULL REFERENCES agenda_items(id) ON DELETE CASCADE,
    file_id TEXT NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    PRIMARY KEY (agenda_item_id, file_id)
);
CREATE TABLE paper_files (
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    file_id TEXT NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    PRIMARY KEY (paper_id, file_id)
);

CREATE TABLE votes (
    id TEXT PRIMARY KEY,            -- to9001-1: first ballot of item 9001
    agenda_item_id INTEGER NOT NULL REFERENCES agenda_items(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    subject TEXT,
    yes INTEGER,
    no INTEGER,
    abstain INTEGER,
    unanimous INTEGER CHECK (unanimous IN (0, 1)),
    source TEXT CHECK (source IN ('table', 'text')),
    raw_text TEXT,
    consistent INTEGER CHECK (consistent IN (0, 1)),
    -- From here on derived (derive.sql): what is asked of every ballot
    date TEXT,
    organization_id TEXT REFERENCES organizations(id),
    final INTEGER CHECK (final IN (0, 1)),          -- 1: the last ballot of its item
    state TEXT CHECK (state IN ('by_group', 'by_group_partly', 'totals', 'words')),
    contested INTEGER CHECK (contested IN (0, 1)),  -- 1: there were votes for and against
    winner TEXT CHECK (winner IN ('yes', 'no'))     -- the side with more votes; NULL: a tie, or not to be said
);
CREATE TABLE vote_counts (
    vote_id TEXT NOT NULL REFERENCES votes(id) ON DELETE CASCADE,
    group_name TEXT NOT NULL REFERENCES groups(name),
    label TEXT,
    yes INTEGER,
    no INTEGER,
    abstain INTEGER,
    -- How the group voted as far as told; NULL: yes or no untold, or nobody voted
    position TEXT AS (CASE WHEN yes IS NULL OR no IS NULL THEN NULL
                           WHEN (yes > 0) + (no > 0) + (coalesce(abstain, 0) > 0) > 1 THEN 'split'
                           WHEN yes > 0 THEN 'yes' WHEN no > 0 THEN 'no' WHEN abstain > 0 THEN 'abstain' END) STORED,
    PRIMARY KEY (vote_id, group_name)
);

-- Sums of vote_counts by day and body, so that a period is added up quickly (derive.sql).
-- A group's ballots that it took one position in and that one side won.
CREATE TABLE group_sides (
    group_name TEXT NOT NULL REFERENCES groups(name),
    date TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations(id),
    contested INTEGER NOT NULL CHECK (contested IN (0, 1)),
    ballots INTEGER NOT NULL,
    won INTEGER NOT NULL,
    PRIMARY KEY (date, organization_id, group_name, contested)
) WITHOUT ROWID;
-- Two groups' ballots that both took one position in; group_a comes first in the alphabet.
CREATE TABLE group_pairs (
    group_a TEXT NOT NULL REFERENCES groups(name),
    group_b TEXT NOT NULL REFERENCES groups(name),
    date TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations(id),
    contested INTEGER NOT NULL CHECK (contested IN (0, 1)),
    ballots INTEGER NOT NULL,
    alike INTEGER NOT NULL,
    PRIMARY KEY (date, organization_id, group_a, group_b, contested)
) WITHOUT ROWID;
-- A ballot that is gone, new or told otherwise: the sums of its day are made anew.
CREATE TRIGGER votes_gone AFTER DELETE ON votes BEGIN
    DELETE FROM group_sides WHERE date = OLD.date;
    DELETE FROM group_pairs WHERE date = OLD.date;
END;
CREATE TRIGGER votes_derived AFTER UPDATE OF date, organization_id, state, contested, winner ON votes BEGIN
    DELETE FROM group_sides WHERE date IN (OLD.date, NEW.date);
    DELETE FROM group_pairs WHERE date IN (OLD.date, NEW.date);
END;

-- The search (ratsdaten/search): beside these tables one …_fts each, all filled anew at the end of a crawl.
-- What filters and counts ask of a row: rowid * 8 + 0 agenda_items, 1 papers, 2 meetings, 3 persons, 4 organizations, 5 files.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    date TEXT,
    facets INTEGER NOT NULL REFERENCES document_facets(id)
);
CREATE TABLE document_facets (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    organizations TEXT,             -- organizations.id, several joined by |
    year TEXT,
    groups TEXT,                    -- groups.name, several joined by |
    outcome TEXT REFERENCES outcomes(name),
    votes INTEGER NOT NULL CHECK (votes IN (0, 1)),
    documents INTEGER NOT NULL      -- so many rows have these
);
CREATE TABLE search_words (
    word TEXT PRIMARY KEY,
    folded TEXT NOT NULL,           -- as spelling is compared
    count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE search_state (
    stale INTEGER NOT NULL CHECK (stale IN (0, 1)), -- 1: a row has changed since the index was filled
    language TEXT NOT NULL,                         -- which reading of German filled it
    filled_at TEXT NOT NULL
);

CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    observed_at TEXT NOT NULL,
    changed TEXT NOT NULL           -- JSON: column -> [old, new]
);

CREATE TABLE pages (
    url TEXT PRIMARY KEY,           -- canonical: only the parameters that name the page
    kind TEXT NOT NULL,
    found_at TEXT,                  -- when a crawl last saw a link to it
    fetched_at TEXT,                -- NULL: known but not fetched yet
    http_status INTEGER,
    changed_at TEXT,
    content_hash TEXT,              -- of what the parser reads, not of the bytes
    error TEXT,
    withdrawn_at TEXT               -- since when what the page once showed is no longer public, and gone from here
);

CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    mode TEXT NOT NULL,
    arguments TEXT NOT NULL,        -- JSON: base_url, since, until, urls
    started_at TEXT NOT NULL,
    finished_at TEXT,               -- NULL: running, or killed; the next crawl with the same arguments resumes it
    reason TEXT,
    pages INTEGER NOT NULL DEFAULT 0,
    pages_by_kind TEXT,             -- JSON: kind -> count
    errors INTEGER NOT NULL DEFAULT 0,
    rows_added INTEGER NOT NULL DEFAULT 0,
    rows_changed INTEGER NOT NULL DEFAULT 0,
    rows_removed INTEGER NOT NULL DEFAULT 0,
    report TEXT                     -- JSON: the checks before publishing, [{"check", "passed", "found"}, …]
);

CREATE INDEX memberships_person ON memberships(person_id);
CREATE INDEX memberships_organization ON memberships(organization_id);
CREATE INDEX meetings_date ON meetings(date, organization_id, cancelled);
CREATE INDEX meetings_organization ON meetings(organization_id, date, cancelled);
CREATE INDEX agenda_items_meeting ON agenda_items(meeting_id, position);
CREATE INDEX agenda_items_overview ON agenda_items(meeting_id, public, outcome, vote_state, paper_id);
CREATE INDEX agenda_items_outcome ON agenda_items(outcome);
CREATE INDEX agenda_items_vote_state ON agenda_items(vote_state);
CREATE INDEX agenda_items_paper ON agenda_items(paper_id);
CREATE INDEX agenda_items_result ON agenda_items(result);
CREATE INDEX papers_reference ON papers(reference);
CREATE INDEX papers_date ON papers(date, paper_type, outcome, author);
CREATE INDEX papers_type ON papers(paper_type);
CREATE INDEX papers_decided ON papers(decided);
CREATE INDEX papers_outcome ON papers(outcome);
CREATE INDEX papers_author ON papers(author, paper_type, outcome, date);
CREATE INDEX consultations_paper ON consultations(paper_id, date, role);
CREATE INDEX consultations_meeting ON consultations(meeting_id);
CREATE INDEX consultations_agenda_item ON consultations(agenda_item_id);
CREATE INDEX consultations_organization ON consultations(organization_id);
CREATE INDEX meeting_files_file ON meeting_files(file_id);
CREATE INDEX agenda_item_files_file ON agenda_item_files(file_id);
CREATE INDEX paper_files_file ON paper_files(file_id);
CREATE INDEX files_text ON files(text_source, problem, checked_at);
CREATE INDEX votes_agenda_item ON votes(agenda_item_id);
CREATE INDEX votes_date ON votes(date, agenda_item_id, position DESC, organization_id, contested, state, id);
CREATE INDEX votes_organization ON votes(organization_id, date);
CREATE INDEX votes_state ON votes(state);
CREATE INDEX votes_contested ON votes(contested, date);
CREATE INDEX vote_counts_group ON vote_counts(group_name, position, vote_id);
CREATE INDEX vote_counts_position ON vote_counts(position);
CREATE INDEX memberships_group ON memberships(group_name);
CREATE INDEX documents_date ON documents(date, facets);
CREATE INDEX documents_facets ON documents(facets, date);
CREATE INDEX revisions_row ON revisions(table_name, row_id);
CREATE INDEX revisions_observed ON revisions(observed_at, table_name);
CREATE INDEX pages_pending ON pages(found_at, fetched_at);
CREATE INDEX pages_fetched ON pages(fetched_at);
CREATE INDEX pages_error ON pages(error) WHERE error IS NOT NULL;
