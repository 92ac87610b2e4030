"""Scrapy settings. POLITENESS is the one place to change how the crawl treats other people's servers."""

import os

from ratsdaten.towns import FILE
from scraper.pages.envelope import MAX_BYTES

BOT_NAME = "ratsdaten"
SPIDER_MODULES = ["scraper.spiders"]
COMMANDS_MODULE = "scraper.commands"  # `scrapy crawl` with one clear sentence and an exit code for every failure

#: Where the data goes; one file per town. Override with `-s DATABASE=…`.
DATABASE = "herne.db"
#: What `-a town=…` stands for.
TOWNS = str(FILE)

#: Requests of one `mode=update`; 0: 2 % of the known pages, and as many again for what is new.
UPDATE_BUDGET = 0
#: More than this share of the pages of a kind, visited in one run, cannot be gone at once: the site is out of order.
MAX_GONE = 0.5
#: A table that has lost more than this share of its rows in one run is not published.
MAX_LOSS = 0.2

# ---- POLITENESS ---------------------------------------------------------------------------------
#: Who runs this crawl: an e-mail or web address. A public server is not crawled without it.
CONTACT = os.environ.get("RATSDATEN_CONTACT", "")
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True  # waits as long as the server takes to answer
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_DELAY = 0.25
CONCURRENT_REQUESTS = 4
CONCURRENT_REQUESTS_PER_DOMAIN = 4
RETRY_TIMES = 3
#: Seconds to leave the server alone when it says "zu viele Zugriffe".
BUSY_PAUSE = 120.0
# -------------------------------------------------------------------------------------------------

CONCURRENT_ITEMS = 1  # one writer: items of a page are stored one after the other
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = MAX_BYTES
DOWNLOAD_WARNSIZE = 2_000_000

#: Whether the PDFs of pages are fetched and read, by the modes full and update. 0: only their names.
ATTACHMENTS = True
#: Their folder; empty: beside the database, herne.db -> herne.files/.
FILES_STORE = ""
FILES_MAXSIZE = 50_000_000
MEDIA_ALLOW_REDIRECTS = True  # ALLRIS sends from do027.asp to a short-lived address
#: Seconds of CPU time for reading one file.
READ_SECONDS = 20
#: Recognise the text of scanned pages: needs the extra `ocr` and Tesseract, takes seconds a page.
OCR = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "de",
}

ITEM_PIPELINES = {"scraper.attachments.AttachmentsPipeline": 50, "scraper.pipelines.DatabasePipeline": 100}
EXTENSIONS = {"scraper.extensions.Progress": 100}
#: Seconds between two lines of progress.
PROGRESS_INTERVAL = 10.0

# Scrapy's remote consoles would let any local user run code in the crawl.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOGSTATS_INTERVAL = 0  # our own line of progress says more
STATS_DUMP = False
LOG_LEVEL = "INFO"
LOG_FORMATTER = "scraper.extensions.QuietFormatter"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%H:%M:%S"
