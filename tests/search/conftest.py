from collections.abc import Iterator

import pytest

from banshi.search.vocabulary import look_again


@pytest.fixture(autouse=True)
def words_are_read_again() -> Iterator[None]:
    """Synonyms of one test are not known to the next."""
    look_again()
    yield
    look_again()
