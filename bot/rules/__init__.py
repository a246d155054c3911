"""Rules as people write them: TOML files → :class:`~bot.model.RuleSet`, with every mistake in its place.

The way: ``folder`` reads the disk, ``drafts`` reads tables (``files`` says what they may hold, ``terms`` and
``regex`` what a term may be) and keeps them for the next load, ``compile`` resolves ``references`` and reads
``queries``, ``load`` keeps last good versions, ``printing`` and ``english`` show, ``changes``
tells two versions apart.
"""

from .anchors import anchor, by_length
from .changes import changes
from .drafts import Known
from .english import sentence
from .files import RuleTable
from .folder import digest, read_folder
from .load import Loaded, load, load_query, rebuild
from .printing import details, distinct, show, tree
from .queries import Asked
from .regex import literals
from .terms import typed
from .writing import SCHEMA, NewRule, named_schema, new_file, table_of, with_directive

__all__ = [
    "SCHEMA",
    "Asked",
    "Known",
    "Loaded",
    "NewRule",
    "RuleTable",
    "anchor",
    "by_length",
    "changes",
    "details",
    "digest",
    "distinct",
    "literals",
    "load",
    "load_query",
    "named_schema",
    "new_file",
    "read_folder",
    "rebuild",
    "sentence",
    "show",
    "table_of",
    "tree",
    "typed",
    "with_directive",
]
