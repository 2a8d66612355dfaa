"""Who guesses keys is slowed down too."""

from django.test import override_settings

from practice.rest import throttle


@override_settings(API_RATE_PER_MINUTE=5)
def test_wrong_keys_are_counted_by_address_whatever_they_claim_to_come_from(cast, api, monkeypatch):
    monkeypatch.setattr(throttle, "WINDOW", 10**10)  # no minute turns in the middle of the test
    guessing = [
        api(f"rmt_{n:010d}_wrong").get("clients/", X_Forwarded_For=f"10.0.0.{n}").status_code
        for n in range(8)
    ]
    assert guessing == [401] * 5 + [429] * 3
    assert api(cast.bot).get("clients/").status_code == 200
