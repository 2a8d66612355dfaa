"""Reads in the portal: contacts see those of their client, as a page and as a PDF, and nothing of how they came about."""

import pytest

from assessments.models import Read
from practice.desk import desk
from tests.assessments.test_reads import issued


@pytest.mark.parametrize("who", ["priya", "marta"])
def test_contacts_find_their_clients_read(cast, page, who):
    read = issued(cast, reason="Because of the seat.")
    browser = page(getattr(cast, who))
    link = f"/portal/reads/{read.pk}/"
    assert link in browser.get("/portal/").content.decode()
    assert link in browser.get("/portal/reads/").content.decode()
    assert "Because of the seat." in browser.get(link).content.decode()
    pdf = browser.get(f"{link}pdf/")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"].startswith("attachment")
    assert pdf["Cache-Control"].startswith("private, no-store")


@pytest.mark.parametrize("who", ["ravi", "zoes_contact"])
def test_anothers_read_and_a_missing_one_are_the_same(cast, page, who):
    read = issued(cast)
    browser = page(getattr(cast, who))
    missing = Read().pk
    for tail in ("", "pdf/"):
        one = browser.get(f"/portal/reads/{read.pk}/{tail}")
        other = browser.get(f"/portal/reads/{missing}/{tail}")
        assert (one.status_code, one.content) == (404, other.content)
    assert browser.get("/portal/reads/nonsense/").status_code == 404
    assert "What we told you" not in browser.get("/portal/").content.decode()


def test_members_and_strangers_do_not_read_in_the_portal(cast, page, client):
    read = issued(cast)
    assert page(cast.ada).get(f"/portal/reads/{read.pk}/").status_code == 302
    assert client.get(f"/portal/reads/{read.pk}/").status_code == 302


def test_a_contact_has_no_desk(cast, page):
    read = issued(cast)
    assert page(cast.priya).get(desk.page_of(read)).status_code == 302
    assert page(cast.priya).get("/desk/lenses/").status_code == 302
