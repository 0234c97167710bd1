"""Whoever begins beside others hears what they hear from then on: no redis is needed to hold that."""

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.hub.packing import LARGEST, packed, unpacked
from rotation_tui.store.market_store import Snapshot
from rotation_tui.tape.message import SMALL, WHOLE, Listener, Teller
from tests.tape.states import Act, acts, moments


def told(snapshot: Snapshot) -> Snapshot:
    """Where documents lie is of no use elsewhere."""
    return replace(snapshot, documents={})


@given(st.lists(st.tuples(st.integers(0, 5_000_000), acts()), min_size=1, max_size=14), st.data())
def test_who_begins_later_is_given_the_same_moments(happened: list[tuple[int, Act]], data: st.DataObject) -> None:
    states = moments(happened)
    whole_at = data.draw(st.integers(0, len(states) - 1))
    small_at = data.draw(st.integers(whole_at, len(states) - 1))
    teller, first, later = Teller(studies=True), Listener(), Listener()
    joined = False
    for place, moment in enumerate(states):
        said = teller.tell(moment)
        if said is not None:
            heard = first.hear(said)
            assert heard is not None
            assert (heard.moment.snapshot, heard.moment.about) == (told(moment.snapshot), moment.about)
            if joined:
                also = later.hear(said)
                assert also is not None
                if not also.faults:
                    assert also.moment.snapshot == heard.moment.snapshot
        if place == whole_at:
            begun = later.hear(teller.beside(WHOLE))
            assert begun is not None
            assert begun.moment.snapshot == told(moment.snapshot)
            joined = True
        if place == small_at:
            other = Listener()
            assert other.hear(teller.beside(WHOLE)) is not None
            again = other.hear(teller.beside(SMALL))
            assert again is not None
            assert again.faults == ()
            assert again.moment.snapshot == told(moment.snapshot)


@given(st.binary(max_size=6000))
def test_what_is_packed_comes_back(message: bytes) -> None:
    assert unpacked(packed(message)) == message


@pytest.mark.parametrize("given_bytes", [b"", b"x", b"z", b"z\x28\xb5\x2f\xfd", b"zzzzzzzzzzzz", b"\xff" * 40])
def test_what_is_none_of_ours_is_refused(given_bytes: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        unpacked(given_bytes)


def test_what_would_fill_the_memory_is_refused_before_it_does() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(LARGEST + 1))
    assert len(bomb) < 100_000
    with pytest.raises(ValueError, match="MB"):
        unpacked(b"z" + bomb)
