"""The same misfortunes for updates; in a file of their own, so that the two long tests run side by side."""

from pathlib import Path

from test_faults import suffer


def test_whatever_happens_the_last_clean_update_makes_it_good(tmp_path: Path) -> None:
    suffer(tmp_path, "update")
