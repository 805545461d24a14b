"""Rules that officials keep in TOML files, read into typed models."""

import tomllib
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words

M = TypeVar("M", bound=BaseModel)


def read_declaration(path: Path | str, model: type[M], *, called: str) -> M:
    """Read a file once in a process.

    Raises BadInput, which names the file by what it is called.
    """
    return cast(M, _read(path, model, called))


@cache
def _read(path: Path | str, model: type[BaseModel], called: str) -> BaseModel:
    try:
        return model.model_validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"{called}读不懂：{in_words(error)}", where=Path(path).name, remedy="请按文件里的说明改正。"
        ) from error
