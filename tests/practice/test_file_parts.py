"""A file is given whole, or the one part of it that was asked for, a little at a time."""

import hashlib

import pytest
from django.test import Client as Browser

from practice import byte_ranges, files
from practice.byte_ranges import NoSuchRange, Part
from tests.practice.test_files import keep

SIZE = 1_000
TAG = '"tag"'
TEXT = b"0123456789abcde\n" * 100_000  # 1.6 MB, many pieces


@pytest.fixture
def big(cast):
    return keep(cast.orchard, cast.ada, name="a.txt", content=TEXT, commercial=False)


def whole(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=0-", Part(0, SIZE)),
        ("bytes=10-19", Part(10, 10)),
        ("bytes=990-5000", Part(990, 10)),
        ("bytes=999-", Part(999, 1)),
        ("bytes=-1", Part(999, 1)),
        ("bytes=-5000", Part(0, SIZE)),
        ("Bytes=1-2", Part(1, 2)),
        # Not for us to understand, so all of it (RFC 9110, 14.2).
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=9-1", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("bytes= 1-2", None),
        ("bytes=--1", None),
        ("bytes=١-٢", None),
        ("lines=1-2", None),
        ("bytes=" + "9" * 50 + "-", None),
    ],
)
def test_one_part_is_read_from_the_header(asked, part):
    assert byte_ranges.asked({"Range": asked}, size=SIZE, etag=TAG) == part


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=9999999-"])
def test_a_part_behind_the_end_does_not_exist(asked):
    with pytest.raises(NoSuchRange):
        byte_ranges.asked({"Range": asked}, size=SIZE, etag=TAG)


@pytest.mark.parametrize(
    ("tag", "part"),
    [
        (TAG, Part(0, 1)),
        ('"other"', None),
        (f"W/{TAG}", None),
        ("Mon, 02 Mar 2026 09:00:00 GMT", None),
        ("", None),
    ],
)
def test_a_part_of_other_bytes_than_these_is_all_of_these(tag, part):
    headers = {"Range": "bytes=0-0", "If-Range": tag}
    assert byte_ranges.asked(headers, size=SIZE, etag=TAG) == part


def test_a_large_file_leaves_in_pieces_and_is_whole(cast, api, big):
    answer = api(cast.ada).get(f"files/{big.pk}/content/")

    pieces = list(answer.streaming_content)
    assert (answer.status_code, b"".join(pieces)) == (200, TEXT)
    assert max(map(len, pieces)) == files.AT_ONCE
    assert [answer[name] for name in ("Content-Length", "Accept-Ranges", "ETag")] == [
        str(len(TEXT)),
        "bytes",
        f'"{hashlib.sha256(TEXT).hexdigest()}"',
    ]


@pytest.mark.parametrize("first", [0, 5, 100_000])
def test_a_part_is_told_as_such_and_holds_just_its_bytes(cast, api, big, first):
    last = first + 300_000

    answer = api(cast.ada).get(f"files/{big.pk}/content/", Range=f"bytes={first}-{last}")

    assert (answer.status_code, whole(answer)) == (206, TEXT[first : last + 1])
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(TEXT)}"
    assert answer["Content-Length"] == "300001"
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_what_was_begun_is_gone_on_with(cast, api, big):
    caller, path = api(cast.ada), f"files/{big.pk}/content/"
    begun = caller.get(path, Range="bytes=0-499999")

    rest = caller.get(path, Range="bytes=500000-", If_Range=begun["ETag"])
    other = caller.get(path, Range="bytes=500000-", If_Range='"another"')

    assert whole(begun) + whole(rest) == TEXT
    assert (other.status_code, whole(other)) == (200, TEXT)


def test_a_part_that_is_not_there_is_a_problem_that_tells_the_size(cast, api, big):
    answer = api(cast.ada).get(f"files/{big.pk}/content/", Range="bytes=9999999-")

    assert (answer.status_code, answer.json()["code"]) == (416, "no_such_range")
    assert answer["Content-Range"] == f"bytes */{len(TEXT)}"


def test_head_tells_what_get_would_without_a_byte(cast, api, big):
    caller, path = api(cast.ada), f"files/{big.pk}/content/"
    head, got = caller.call("HEAD", path), caller.get(path)

    told = ("Content-Length", "Content-Type", "ETag", "Accept-Ranges", "Content-Disposition")
    assert (head.status_code, head.content) == (200, b"")
    assert [head[name] for name in told] == [got[name] for name in told]
    assert whole(got) == TEXT


def test_a_part_is_asked_of_the_access_table_like_the_whole(cast, api, big):
    path, part = f"/api/v1/files/{big.pk}/content/", {"Range": "bytes=0-0"}

    statuses = [
        api(who).get(path, Range="bytes=0-0").status_code
        for who in (cast.ben, cast.priya, cast.zoe)
    ]
    assert statuses == [404, 403, 404]
    assert Browser().get(path, headers=part).status_code == 401
