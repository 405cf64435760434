"""Files written in one step."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bupmeta.errors import DataError
from bupmeta.files import write_whole


def test_a_file_is_replaced_whole_behind_its_link_and_keeps_its_mode(tmp_path: Path) -> None:
    """The link stays a link, its target holds the new bytes under the old mode, and no draft stays behind."""
    target, link = tmp_path / "rows.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert write_whole(link, b"new") == link
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "rows.csv"]


def test_a_device_is_written_to_and_not_replaced() -> None:
    """What has no bytes to replace stays what it is."""
    write_whole(os.devnull, b"gone")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", [".", "none/rows.csv"])
def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    """A folder, and a file in a folder that does not exist."""
    with pytest.raises(DataError, match="cannot write"):
        write_whole(tmp_path / name, b"rows")
    assert list(tmp_path.iterdir()) == []
