"""Keys: where they are looked for, in which order, and that none of them is ever printed."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rotation_tui.providers.base import Endpoint, Misconfigured, Surroundings
from rotation_tui.providers.keys import Keys, chosen

NAMES = ("SHOP_ID", "SHOP_SECRET")
ENDPOINT = Endpoint("https://shop.test", "ua", 10.0, None)


def keys(folder: Path, names: tuple[str, ...] = NAMES, endpoint: Endpoint = ENDPOINT, **options: Any) -> Keys:
    return Keys("shop", names, Surroundings(endpoint, folder, options={"base_folder": folder, **options}))


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring of the test's own."""
    held: dict[tuple[str, str], str] = {}
    stand_in = SimpleNamespace(get_password=lambda service, name: held.get((service, name)))
    monkeypatch.setitem(sys.modules, "keyring", stand_in)
    return held


async def test_the_environment_comes_before_the_file_and_the_file_before_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyring: dict[tuple[str, str], str]
) -> None:
    keyring |= {("rotation-tui", "SHOP_ID"): "ring-id", ("rotation-tui", "SHOP_SECRET"): "ring-secret"}
    found = await keys(tmp_path).get()
    assert (found.values, found.where) == (
        ("ring-id", "ring-secret"), "keyring as SHOP_ID and SHOP_SECRET of rotation-tui",
    )  # fmt: skip
    (tmp_path / "shop.key").write_text("# mine\nfile-id\n\nfile-secret\n")
    found = await keys(tmp_path).get()
    assert (found.values, found.where) == (("file-id", "file-secret"), f"file {tmp_path / 'shop.key'}")
    monkeypatch.setenv("SHOP_ID", "env-id")
    monkeypatch.setenv("SHOP_SECRET", " env-secret ")
    found = await keys(tmp_path).get()
    assert (found.values, found.where) == (("env-id", "env-secret"), "$SHOP_ID and $SHOP_SECRET")


async def test_a_file_may_name_its_keys_and_stand_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "mine.env").write_text("export SHOP_SECRET='b'\nOTHER=c\nSHOP_ID=a\n")
    assert (await keys(tmp_path, key_file="mine.env").get()).values == ("a", "b")


async def test_half_a_pair_is_not_completed_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.key").write_text("file-id\nfile-secret\n")
    monkeypatch.setenv("SHOP_ID", "env-id")
    with pytest.raises(Misconfigured, match=r"^the key from \$SHOP_ID and \$SHOP_SECRET .* it has no SHOP_SECRET$"):
        await keys(tmp_path).get()


@pytest.mark.parametrize("text", ["with a blank\nb\n", "ümlaut\nb\n", "a\x07\nb\n"])
async def test_a_key_that_cannot_be_sent_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    (tmp_path / "shop.key").write_text(text)
    with pytest.raises(Misconfigured) as refused:
        await keys(tmp_path).get()
    assert "a key has a character that cannot be sent" in str(refused.value)
    assert text.split("\n")[0] not in str(refused.value)


async def test_where_there_is_none_every_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Misconfigured) as refused:
        await keys(tmp_path, ("SHOP_KEY",)).get()
    assert str(refused.value) == (
        f"no key: $SHOP_KEY has none; file {tmp_path / 'shop.key'} is not there; keyring as SHOP_KEY of rotation-tui "
        "is not installed: pip install 'rotation-tui[keyring]'"
    )


async def test_a_keyring_that_fails_is_said_without_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str) -> str:
        raise RuntimeError("the secret is s3cret")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=fail))
    with pytest.raises(Misconfigured, match=r"gives no answer \(RuntimeError\)$"):
        await keys(tmp_path).get()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_file_that_others_can_read_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "shop.key"
    file.write_text("a\nb\n")
    for mode, warned in ((0o600, ""), (0o644, f"others on this computer can read it: chmod 600 {file}")):
        file.chmod(mode)
        assert keys(tmp_path).places()[-1].warning == warned


async def test_a_key_that_was_refused_is_looked_for_anew(tmp_path: Path) -> None:
    (tmp_path / "shop.key").write_text("old-id\nold-secret\n")
    held = keys(tmp_path)
    assert (await held.get()).values[0] == "old-id"
    (tmp_path / "shop.key").write_text("new-id\nnew-secret\n")
    assert (await held.get()).values[0] == "old-id"
    held.forget()
    assert (await held.get()).values[0] == "new-id"


@pytest.mark.parametrize("url", ["http://shop.test", "ws://shop.test"])
async def test_no_key_goes_over_plain_http(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "a")
    with pytest.raises(Misconfigured, match=r"^no key is sent to shop\.test over plain http; write https$"):
        await keys(tmp_path, ("SHOP_KEY",), Endpoint(url, "ua", 10.0, None)).get()


async def test_no_key_is_printed_and_what_a_source_repeats_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "shop.key").write_text("the-identity\nthe-secret\n")
    held = keys(tmp_path)
    found = await held.get()
    printed = f"{found} {found!r} {held} {held.places()} {chosen(held.places())}"
    assert "the-identity" not in printed
    assert "the-secret" not in printed
    assert held.hide(b"no such key the-secret of the-identity") == b"no such key *** of ***"
