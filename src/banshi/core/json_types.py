"""Types of what was parsed from JSON, TOML or the like and is not validated."""

from typing import Any

JsonObject = dict[str, Any]
