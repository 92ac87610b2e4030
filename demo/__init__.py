"""Lindenrath: an invented town's council information system that looks and behaves like ALLRIS classic 3.9."""

from .faults import Fault
from .records import Revision
from .server import Site, serve
from .town import Town

__all__ = ["Fault", "Revision", "Site", "Town", "serve"]
