"""Reading a tape: from its beginning and from any time on the same is known, and what is hurt is said and skipped."""

import random
import zlib
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from rotation_tui.tape import frames
from rotation_tui.tape import recorder as module
from rotation_tui.tape.frames import FORMAT, FrameWriter, NoTape, TapeFile, TapeMark, head_of, mark_bytes
from rotation_tui.tape.message import VERSION, HeardMessage, Message
from rotation_tui.tape.parts import micros
from rotation_tui.tape.reading import Lost, TapeReading
from tests.tape.files import Session, heard, prices, recorded, told
from tests.tape.states import START, bars, comparable


@pytest.fixture
def tape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tape of eight frames, of a few states each: histories grow in the third and in the sixth."""
    monkeypatch.setattr(module, "_FRAME_BYTES", 1)  # a frame a write
    path, session = tmp_path / "session.tape", Session(tmp_path / "session.tape")
    monkeypatch.setattr(session.recorder._news, "wait", lambda _: True)
    session.recorder._thread.start = lambda: session.recorder._spool.open()  # type: ignore[method-assign]
    session.recorder._opened.set()
    session.begin()
    for frame in range(8):
        if frame in (2, 5):
            closes = [100.0 + n for n in range(31 + frame)]
            session.store.put_bars([bars("IWM", closes, session.now)])
            session.store.put_asked()
        for price in range(5):
            session.tick(10.0 * frame + price + 1)
        session.recorder._write_all()
    session.recorder._put(session.seen[-1])
    session.recorder._spool.close()
    assert len(TapeFile(path).places) == 8
    return path


def hurt(path: Path, frame: int, at: float = 0.5) -> None:
    """Turn a bit of a frame."""
    content, place = bytearray(path.read_bytes()), TapeFile(path).places[frame]
    content[place.begins + int((place.ends - place.begins) * at)] ^= 0x10
    path.write_bytes(content)


def test_a_bad_frame_is_skipped_and_said_and_all_others_are_as_they_were(tape: Path) -> None:
    whole = heard(tape)
    for frame in range(1, 8):
        content = tape.read_bytes()
        hurt(tape, frame)
        found = told(tape)
        (lost,) = [one for one in found if isinstance(one, Lost)]
        assert lost.why in ("it does not unpack", "a checksum is wrong")
        good = [one.moment for one in found if isinstance(one, HeardMessage)]
        numbers = [n for n, one in enumerate(whole) if not any(one.moment.at == g.at for g in good)]
        assert len(numbers) <= 5
        assert {one.moment.at: comparable(one.moment.snapshot).quotes for one in whole}.items() >= {
            moment.at: moment.snapshot.quotes for moment in good
        }.items()
        last = good[-1].snapshot
        if frame not in (2, 5, 7):
            assert comparable(last) == comparable(whole[-1].moment.snapshot)
        tape.write_bytes(content)


def test_histories_that_were_in_a_bad_frame_are_said_to_be_lost(tape: Path) -> None:
    hurt(tape, 5, 0.3)
    faults = [fault for one in heard(tape) for fault in one.faults]
    assert faults[0] == "histories that came meanwhile are lost, and those before stand in for them"
    assert set(faults) == {faults[0]}


def test_without_its_first_frame_a_tape_has_prices_and_says_that_histories_are_lost(tape: Path) -> None:
    hurt(tape, 0, 0.1)
    found = heard(tape)
    assert found[0].moment.snapshot.bars == {}
    assert found[0].faults
    assert prices(tape)[-1] == 75.0


@pytest.mark.parametrize("share", [0.999, 0.9, 0.6, 0.3])
def test_a_tape_that_is_cut_has_all_up_to_the_cut(tape: Path, share: float) -> None:
    whole, content = prices(tape), tape.read_bytes()
    tape.write_bytes(content[: int(len(content) * share)])
    left = prices(tape)
    assert left == whole[: len(left)]
    assert len(left) >= len(whole) * share - 15


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"date,close\n2026-01-02,100\n", "is no tape of rotation-tui"),
        (b"\x28\xb5\x2f\xfd" + bytes(100), "is no tape of rotation-tui"),
    ],
)
def test_what_is_no_tape_says_so(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "other.tape"
    path.write_bytes(content)
    for read in (TapeFile, head_of, TapeReading):
        with pytest.raises(NoTape, match=why):
            read(path)


@pytest.mark.parametrize("mark", [TapeMark(FORMAT + 1, VERSION, 0, 0), TapeMark(FORMAT, VERSION + 1, 0, 0)])
def test_a_tape_of_a_newer_version_is_not_guessed_at(tape: Path, mark: TapeMark) -> None:
    tape.write_bytes(mark_bytes(mark) + tape.read_bytes())
    for read in (TapeFile, head_of):
        with pytest.raises(NoTape, match="was recorded by a newer rotation-tui"):
            read(tape)


def test_a_mark_of_a_newer_version_need_not_be_understood(tape: Path) -> None:
    body = msgspec.msgpack.encode({"format": FORMAT + 1, "messages": 7, "frame": "of another kind"})
    content = frames._SIGN + frames._SUM.pack(zlib.crc32(body)) + body
    tape.write_bytes(frames._SKIP.pack(frames._SKIPPED, len(content)) + content)
    with pytest.raises(NoTape, match=r"it is of format 2\.7, and 1\.1 is the newest"):
        head_of(tape)


def test_a_message_of_nonsense_ends_its_frame_and_no_other(tape: Path) -> None:
    writer = FrameWriter()
    told_at = micros(START + timedelta(seconds=12, microseconds=1))
    nonsense = writer.add(msgspec.msgpack.encode({"n": -1, "at": told_at, "kind": "s", "prices": {"moved": [99]}}))
    content, place = tape.read_bytes(), TapeFile(tape).places[3]
    begins = place.begins - len(mark_bytes(place.mark))
    bad = mark_bytes(TapeMark(FORMAT, VERSION, 99, told_at)) + nonsense + writer.end()
    tape.write_bytes(content[:begins] + bad + content[begins:])
    found = told(tape)
    (lost,) = [one for one in found if isinstance(one, Lost)]
    assert lost.why.startswith("it says what cannot be")
    assert len(prices(tape)) == 40


def test_a_message_of_which_the_checksum_is_wrong_is_not_taken(tape: Path) -> None:
    good = next(TapeFile(tape).messages(TapeFile(tape).places[7]))
    assert isinstance(good, bytes)
    writer = FrameWriter()
    bad = writer._compressor.compress(frames._HEAD.pack(len(good), zlib.crc32(good) ^ 1) + good) + writer.end()
    tape.write_bytes(tape.read_bytes() + mark_bytes(TapeMark(FORMAT, VERSION, 9, 0)) + bad)
    lost = [one for one in told(tape) if isinstance(one, Lost)]
    assert [one.why for one in lost] == ["a checksum is wrong"]


def test_a_length_beyond_all_bounds_is_none(tape: Path) -> None:
    writer = FrameWriter()
    bad = writer._compressor.compress(frames._HEAD.pack(2**31, 0)) + writer.end()
    tape.write_bytes(tape.read_bytes() + mark_bytes(TapeMark(FORMAT, VERSION, 9, 0)) + bad)
    lost = [one for one in told(tape) if isinstance(one, Lost)]
    assert [one.why for one in lost] == ["a message is said to be longer than any is"]


def state_at(reading: TapeReading, at: object) -> HeardMessage:
    """What is known at a time, sought from wherever the reading is."""
    reading.seek(at)  # type: ignore[arg-type]
    found: HeardMessage | None = None
    while (one := reading.following(at)) is not None:  # type: ignore[arg-type]
        if isinstance(one, HeardMessage):
            if one.moment.at > at and found is not None:  # type: ignore[operator]
                break
            found = one
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(5))
def test_what_is_sought_is_what_reading_through_gives(tape: Path, seed: int) -> None:
    whole, reading, chance = heard(tape), TapeReading(tape), random.Random(seed)
    for _ in range(30):
        wanted = chance.choice(whole).moment.at + timedelta(microseconds=chance.randrange(900_000))
        expected = [one for one in whole if one.moment.at <= wanted][-1]
        found = state_at(reading, wanted)
        assert comparable(found.moment.snapshot) == comparable(expected.moment.snapshot)
        reading = TapeReading(tape) if chance.random() < 0.3 else reading


def test_frames_in_which_no_history_moved_are_passed_over(tape: Path) -> None:
    reading, read = TapeReading(tape), list[int]()
    last = heard(tape)[-1].moment.at
    original = TapeReading._read

    def noted(self: TapeReading, place: frames.FramePlace) -> object:
        read.append(place.mark.frame)
        return original(self, place)

    TapeReading._read = noted  # type: ignore[method-assign, assignment]
    try:
        state_at(reading, last)
    finally:
        TapeReading._read = original  # type: ignore[method-assign]
    assert read == [0, 2, 5, 7]


def test_the_header_says_how_it_was_recorded(tape: Path) -> None:
    head = head_of(tape)
    assert (head.mode, head.began, head.notes) == ("live", START, ("a note",))
    assert head.about.universe.tickers
    reading = TapeReading(tape)
    assert (reading.begins, reading.frames) == (START, 8)
    assert reading.ends == heard(tape)[-1].moment.at


def test_it_is_one_for_other_programs_too(tmp_path: Path) -> None:
    """`zstd -dc` gives the messages: marks are frames that Zstandard leaves out."""
    import zstandard

    path = tmp_path / "session.tape"
    recorded(path)
    found, content = bytearray(), path.read_bytes()
    with zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True) as reader:
        while part := reader.read(1 << 16):
            found += part
    length, checksum = frames._HEAD.unpack_from(found)
    first = bytes(found[frames._HEAD.size : frames._HEAD.size + length])
    assert zlib.crc32(first) == checksum
    assert msgspec.msgpack.decode(first, type=Message).kind == "w"
