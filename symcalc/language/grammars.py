"""A grammar file as a parser that is fed tokens; the tables that Lark works out are kept between processes."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import Any

from lark import Lark
from lark.lexer import Lexer


class NoLexer(Lexer):
    """Tokens are fed one by one."""

    def __init__(self, lexer_conf: Any) -> None:
        del lexer_conf

    def lex(self, lexer_state: Any, parser_state: Any) -> Any:
        """Never called."""
        raise NotImplementedError


def parser_of(package: str, transformer: Any) -> Lark:
    """The parser of a package's `grammar.lark`; `strict` makes every conflict of the grammar an error.

    Args:
        package: Where the grammar lies.
        transformer: What makes values of its rules while they are parsed.
    """
    grammar = (files(package) / "grammar.lark").read_text(encoding="utf-8")
    kept: Any = _kept(package)
    return Lark(grammar, parser="lalr", lexer=NoLexer, strict=True, transformer=transformer, cache=kept)


def _kept(package: str) -> str | bool:
    """The file that the tables are kept in, of this user alone; False where there is no folder for it.

    Lark writes the hash of the grammar, of its options and of its own version first, and makes the tables anew where
    that is another one.
    """
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "symcalc"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = folder.stat().st_uid == os.getuid() if hasattr(os, "getuid") else True
    except (OSError, RuntimeError):  # no home, or no folder can be made there
        return False
    return str(folder / f"{package}.lark") if mine and os.access(folder, os.W_OK) else False
