"""`python -m bupmeta` is the command line."""

from __future__ import annotations

from bupmeta.cli import main

main(prog_name="bupmeta")
