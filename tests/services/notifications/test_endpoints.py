"""The document of who is told what where."""

from pathlib import Path

import pytest

from libs.delivery.addresses import Reachable, networks
from services.notifications.endpoints import Endpoint, Endpoints, EndpointsRefused, read
from services.notifications.service import Notifications
from services.notifications.settings import NotificationSettings

LOOPBACK = Reachable(networks(["127.0.0.0/8"]))


def test_the_first_that_fits_customer_and_purpose_is_told() -> None:
    mine = Endpoint(name="mine", url="https://one.example", customer="c1", purpose="rejection")
    rest = Endpoint(name="rest", url="https://two.example", purpose="rejection")
    document = Endpoints(endpoints=[mine, rest])
    assert [document.of(*pair) for pair in (("c1", "rejection"), ("c2", "rejection"), ("c1", "acceptance"))] == [
        *(mine, rest, None)
    ]


def test_a_document_is_read(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.yaml"
    file.write_text('endpoints:\n- {name: core, url: "http://127.0.0.1:9/told", keys: ["2", "1"]}\n')
    (one,) = read(file, LOOPBACK).endpoints
    assert (one.name, one.customer, one.purpose, one.keys) == ("core", "*", "*", ["2", "1"])


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("endpoints:\n- {name: a, url: 'http://hooks.example.com'}", "endpoints.0.url: does not begin with https://"),
        ("endpoints:\n- {name: a, url: 'https://10.0.0.1/'}", "endpoints.0.url: 10.0.0.1 is not a public address"),
        ("endpoints:\n- {name: a, url: 'https://a.example', purposes: b}", "endpoints.0.purposes: Extra inputs"),
        ("endpoints:\n- {name: a, url: 'https://a.example', keys: []}", "endpoints.0.keys: List should have at least"),
        ("endpoints:\n- &a {name: a, url: 'https://a.example'}\n- *a", 'two are called "a"'),
        ("endpoints: [", "while parsing"),
    ],
)
def test_one_that_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, document: str, problem: str) -> None:
    file = tmp_path / "endpoints.yaml"
    file.write_text(document)
    with pytest.raises(EndpointsRefused) as refused:
        read(file, Reachable())
    assert str(refused.value).startswith(str(file))
    assert problem in str(refused.value)


def test_the_environment_names_a_file_or_holds_the_document(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.yaml"
    file.write_text("endpoints:\n- {name: core, url: 'https://one.example'}\n")
    of_file = NotificationSettings(vetstream_notification_endpoints=str(file)).endpoints()
    document = '{"endpoints": [{"name": "core", "url": "https://one.example"}]}'
    assert NotificationSettings(vetstream_notification_endpoints=document).endpoints() == of_file
    assert NotificationSettings().endpoints().endpoints == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            {"vetstream_notification_endpoints": '{"endpoints": 1}'},
            "VETSTREAM_NOTIFICATION_ENDPOINTS: endpoints: Input",
        ),
        ({"vetstream_notification_endpoints": "/no/such/file"}, "/no/such/file: "),
        ({"vetstream_notification_networks": "10.0.0.0/99"}, "VETSTREAM_NOTIFICATION_NETWORKS: '10.0.0.0/99'"),
        ({"vetstream_webhook_key": ""}, "VETSTREAM_WEBHOOK_KEY must hold the master key"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(given: dict[str, str], problem: str) -> None:
    settings = NotificationSettings(**{"vetstream_webhook_key": "key", **given})
    with pytest.raises(EndpointsRefused) as refused:
        Notifications(settings.deliveries(), settings.sender())
    assert str(refused.value).startswith(problem)
