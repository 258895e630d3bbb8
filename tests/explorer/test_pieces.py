"""Files in pieces: they join, and all visitors together cannot fill the memory with them."""

from base64 import b64encode
from types import SimpleNamespace

import pytest

from core.errors import InputError
from explorer import pieces
from explorer.pieces import Arriving, Pieces


def piece(data, at=0, size=None, last=False, upload="a"):
    letters = b64encode(data).decode()
    size = len(data) if size is None else size
    return {"upload": upload, "name": "n", "size": size, "at": at, "data": letters, "last": last}


def test_pieces_join():
    one = Pieces(100, Arriving())
    assert one.take(piece(b"ab", size=4)) is None
    assert one.held == 2
    assert one.take(piece(b"cd", at=2, size=4, last=True)) == ("n", b"abcd")
    assert one.held == 0


def test_all_visitors_together_hold_no_more_than_the_most():
    books = Arriving(most=1000)
    visitors = [Pieces(10_000, books) for _ in range(20)]
    for one in visitors[:3]:
        one.take(piece(bytes(300), size=9000))
    for one in visitors[3:]:
        with pytest.raises(InputError, match="in a minute"):
            one.take(piece(bytes(300), size=9000))
    assert sum(one.held for one in visitors) == 900
    visitors[0].forget()
    assert visitors[19].take(piece(bytes(300), last=True)) == ("n", bytes(300))


def test_a_visitor_who_is_gone_takes_no_room():
    books = Arriving(most=1000)
    gone = Pieces(10_000, books)
    gone.take(piece(bytes(900), size=9000))
    del gone
    assert Pieces(10_000, books).take(piece(bytes(900), last=True)) == ("n", bytes(900))


def test_what_does_not_go_on_is_let_go(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(pieces, "time", SimpleNamespace(monotonic=lambda: now[0]))
    books = Arriving(most=1000, forgotten_s=60)
    slow, quick = Pieces(10_000, books), Pieces(10_000, books)
    slow.take(piece(bytes(900), size=9000))
    with pytest.raises(InputError, match="in a minute"):
        quick.take(piece(bytes(900), last=True))
    now[0] = 61
    assert quick.take(piece(bytes(900), last=True)) == ("n", bytes(900))
    assert slow.held == 0
    with pytest.raises(InputError, match="did not arrive whole"):
        slow.take(piece(bytes(100), at=900, size=9000))
