"""Uploads that are too large, damaged or hostile."""

import io
import zipfile

import pytest

from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.unpacking import LARGEST_TOTAL, MOST_MEMBERS, unpack


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_members_take_the_place_of_their_zip() -> None:
    assert unpack({"a.zip": packed({"x/crew.json": b"{}"}), "b.json": b"[]"}) == {"x/crew.json": b"{}", "b.json": b"[]"}


def test_files_that_cannot_hold_a_crew_are_not_unpacked() -> None:
    members = {"README.md": b"x", "__MACOSX/crew.json": b"x", ".hidden/crew.json": b"x", "crew.json": b"{}"}
    assert unpack({"a.zip": packed(members)}) == {"crew.json": b"{}"}


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(UnreadableCrew, match="larger than 5 MB"):
        unpack({"crew.json": b"x" * (LARGEST_TOTAL + 1)})


def test_a_zip_that_unpacks_to_too_much_is_refused_without_unpacking_it() -> None:
    with pytest.raises(UnreadableCrew, match="unpacks to more than 5 MB"):
        unpack({"a.zip": packed({"crew.json": b"0" * (LARGEST_TOTAL + 1)})})


def test_a_member_that_is_packed_too_densely_is_refused() -> None:
    with pytest.raises(UnreadableCrew, match="densely"):
        unpack({"a.zip": packed({"crew.json": b"0" * 3_000_000})})


def test_a_member_that_is_larger_than_it_claims_is_refused() -> None:
    content = bytearray(packed({"crew.json": b"0" * 5_000}))
    for at in (content.rindex((5_000).to_bytes(4, "little")), content.index((5_000).to_bytes(4, "little"))):
        content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableCrew):
        unpack({"a.zip": bytes(content)})


def test_too_many_members_are_refused() -> None:
    with pytest.raises(UnreadableCrew, match="more than 1000 files"):
        unpack({"a.zip": packed({f"{n}.json": b"" for n in range(MOST_MEMBERS + 1)})})


def test_a_damaged_zip_is_refused() -> None:
    content = packed({"crew.json": b"{}" * 100})
    with pytest.raises(UnreadableCrew, match="damaged"):
        unpack({"a.zip": content[: len(content) // 2]})
