"""The rule book on Spark: every rule, on a table of guides, wherever its partitions lie.

A partition is examined as a worker here examines a file (`examiner`); only the guides come and the findings go.
Python on the machines of the cluster needs banshi installed, as it needs PyArrow.
"""

import os
import pickle
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import django
import pyarrow as pa

from banshi.rulebook.rule import RuleContext
from banshi.rulebook.scale.examiner import Examiner
from banshi.rulebook.scale.files import batch_rows, columns_among

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FINDINGS = "item_id long, rule string, severity string, path string, quote string"


def examine_guides(guides: "DataFrame", book: RuleContext) -> "DataFrame":
    """Yield every rule's findings in the guides of a table with the columns of `files`."""

    kept = pickle.dumps(book)  # what it is made of can only be imported where Django is set up

    def examined(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banshi.config.settings")
        django.setup()
        examiner = Examiner(pickle.loads(kept))  # noqa: S301
        for batch in batches:
            yield from examiner.findings(batch_rows(batch)).to_batches()

    return guides.select(columns_among(guides.columns, where="Spark")).mapInArrow(examined, FINDINGS)
