"""Files written in one step, so that nobody ever sees half of one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bupmeta.errors import DataError

__all__ = ["write_whole"]


def write_whole(path: str | os.PathLike[str], data: bytes) -> Path:
    """Write `data` to `path`, to the file behind it where it is a link; what was there stays if that fails.

    Raises DataError, naming the path, for a folder and for what cannot be written. A device or a pipe has nothing to
    replace and is written to as it is.
    """
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
            return Path(path)
        draft.write_bytes(data)
        if target.is_file():
            shutil.copymode(target, draft)
        os.replace(draft, target)
    except OSError as error:
        raise DataError(f"cannot write {os.fspath(path)}: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    return Path(path)
