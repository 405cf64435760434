"""What a report was made with: this program, the packages that decide numbers and bytes, and this machine."""

from __future__ import annotations

import platform
import re
from functools import cache
from hashlib import sha256
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

__all__ = ["PACKAGES", "machine", "source_sha256", "versions"]

#: The packages that make numbers, figures and files; what they need in turn is found and listed with them.
PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "matplotlib", "jinja2", "typst", "python-docx")


@cache
def source_sha256() -> str:
    """The hash of every file of this package, by name and content."""
    digest = sha256()
    for name, data in sorted(_sources(files("bupmeta"), "")):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _sources(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found = []
    for item in folder.iterdir():
        if item.is_dir() and item.name != "__pycache__":
            found += _sources(item, f"{prefix}{item.name}/")
        elif item.is_file() and not item.name.startswith("."):
            found.append((prefix + item.name, item.read_bytes()))
    return found


def versions() -> dict[str, str]:
    """The version of each of PACKAGES that is installed, and of all that they need.

    >>> {"numpy", "pillow", "lxml"} <= set(versions())
    True
    """
    found: dict[str, str] = {}
    waiting = list(PACKAGES)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # not installed: a format that is left out, or a need of another system
        found[name] = distribution.version
        needs = [need for need in distribution.requires or () if "extra ==" not in need]
        waiting += [match[0] for need in needs if (match := re.match(r"[\w.-]+", need))]
    return dict(sorted(found.items()))


def machine() -> dict[str, Any]:
    """Interpreter, system and the vector units that numpy found; they may move the last bits of a number."""
    import numpy as np

    config: Any = np.show_config(mode="dicts")
    units = config.get("SIMD Extensions", {}).get("found", [])
    return {
        "python": {
            "implementation": platform.python_implementation(),
            "version": platform.python_version(),
        },
        "platform": {
            "system": platform.system(),
            "machine": platform.machine(),
            "vector_units": list(units),
        },
    }
