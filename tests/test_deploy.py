"""What stands in deploy/, held to the programs it is for: nginx, Caddy, systemd, and our own commands."""

from __future__ import annotations

import getpass
import re
import shlex
import shutil
import ssl
import subprocess
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from playwright.sync_api import Browser, expect

from tests.publish.app_server import free_port, offer, serving, until
from transferkit.cli import main
from transferkit.publish.app_guard import Hosts

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
UNITS = ("transferkit.service", "transferkit-build.service", "transferkit-build.timer")
PIPELINES = ("gitlab-ci.yml", "github-actions.yml")
MOST_EXPOSED = 20  # of 100; systemd calls more than that no longer "OK"
AROUND = """
daemon off;
user {user};
error_log stderr;
pid {folder}/nginx.pid;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/html html; }}
    {ours}
}}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real nginx with deploy/nginx.conf, of which only ports and folders are other than there."""
    if NGINX is None or not shutil.which("openssl"):
        pytest.skip("nginx oder openssl fehlt: `make test` richtet nginx ein, wo das ohne Rückfrage geht.")
    folder, plain, port = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    (folder / "site" / "orte").mkdir(parents=True)
    (folder / "site" / "index.html").write_text("<!doctype html><title>Start</title>", encoding="utf-8")
    (folder / "site" / ".geheim.html").write_text("nicht für alle", encoding="utf-8")
    key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run([*key, *files], check=True, capture_output=True)
    with serving(offer(folder), base="/live/", hosts=Hosts(None), behind_proxy=True) as server:
        changes = {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "/etc/ssl/leitfaden": str(folder),
            "/var/lib/transferkit-site": str(folder),
            "/var/log/nginx/leitfaden.log": f"{folder}/errors.log",
            "127.0.0.1:8866": f"127.0.0.1:{server.port}",
        }
        ours = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        for there, here in changes.items():
            assert there in ours
            ours = ours.replace(there, here)
        (folder / "nginx.conf").write_text(
            AROUND.format(folder=folder, ours=ours, user=getpass.getuser()), encoding="utf-8"
        )
        with subprocess.Popen(
            [NGINX, "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.PIPE
        ) as nginx:
            until(lambda: answers(f"https://127.0.0.1:{port}/live/gesund"), 20)
            assert (
                asked(f"http://127.0.0.1:{plain}/x?y")[1]["Location"] == "https://leitfaden.example.org/x?y"
            )
            yield f"https://127.0.0.1:{port}/"
            nginx.terminate()


def answers(address: str) -> bool:
    try:
        return asked(address)[0] == 200
    except OSError:
        return False


class Stay(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_: object) -> None:
        return None


def asked(address: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer; the certificate is our own."""
    trusting = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
    opener = urllib.request.build_opener(trusting, Stay)
    request = urllib.request.Request(address, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with opener.open(request, timeout=20) as reply:
            return reply.status, dict(reply.headers), reply.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode("utf-8", "replace")


def test_nginx_shows_the_site_with_headers_and_without_a_log(address: str) -> None:
    status, headers, text = asked(address)
    assert (status, "Start" in text) == (200, True)
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Server"] == "nginx"


def test_nginx_keeps_what_is_hidden_and_says_in_german_what_is_missing(address: str) -> None:
    for path in (".geheim.html", "orte/nirgends.html"):
        status, _, text = asked(address + path)
        assert (status, "Diese Seite gibt es hier nicht" in text) == (404, True), path


def test_apps_live_behind_nginx_with_cookies_for_encrypted_connections(address: str) -> None:
    status, headers, _ = asked(f"{address}live/apps/wire")
    assert status == 200
    assert "Secure" in headers["Set-Cookie"]
    assert "Path=/live/" in headers["Set-Cookie"]


def test_a_widget_reaches_its_kernel_through_nginx(address: str, chromium: Browser) -> None:
    context = chromium.new_context(locale="de-DE", ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{address}live/apps/wire?count=8")
    expect(page.get_by_role("status")).to_have_text("Die App ist bereit.")
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator("#said")).to_have_text("9 Stück")
    context.close()


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("Caddy fehlt (Debian, Ubuntu: apt install caddy).")
    call = [caddy, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    done = subprocess.run(call, capture_output=True, text=True, env={"HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr


@pytest.fixture
def units(transferkit: Path, tmp_path: Path) -> list[Path]:
    """The units, with the command where it is on this machine."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/transferkit/bin/transferkit", str(transferkit)))
    return [tmp_path / name for name in UNITS]


def systemd(*words: str | Path) -> str:
    """What `systemd-analyze` says, which has to be content."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze fehlt (Debian, Ubuntu: apt install systemd).")
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_systemd_finds_nothing_wrong_with_the_units(units: list[Path]) -> None:
    assert systemd("verify", *units) == ""


@pytest.mark.parametrize("number", [0, 1])
def test_a_service_is_exposed_to_little(number: int, units: list[Path]) -> None:
    systemd("security", "--offline=true", f"--threshold={MOST_EXPOSED}", units[number])


def scripts(content: object) -> Iterator[str]:
    """Every command line of a pipeline, whichever system it is for."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "script":
                yield from value
            elif key == "run":
                yield from str(value).splitlines()
            else:
                yield from scripts(value)
    elif isinstance(content, list):
        for one in content:
            yield from scripts(one)


def calls() -> list[list[str]]:
    """Every command of ours that something in deploy/ calls, as words."""
    found = [
        line
        for name in PIPELINES
        for line in scripts(yaml.safe_load((DEPLOY / "pipelines" / name).read_text()))
    ]
    for name in UNITS:
        found += re.findall(r"^ExecStart=(.+)$", (DEPLOY / name).read_text(), re.MULTILINE)
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    found += [
        "transferkit " + shlex.join(one["command"])
        for one in compose["services"].values()
        if "command" in one
    ]
    container = (DEPLOY / "Containerfile").read_text()
    found += re.findall(r"^#   (transferkit .+)$", container, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in found]


def test_everything_calls_only_our_own_commands_and_they_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert len(calls()) >= 10
    for program, *words in calls():
        if program == "make":
            assert set(words) <= targets
            continue
        assert Path(program).name == "transferkit", program
        command: click.Command = main
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, words


def test_pipelines_have_what_their_systems_ask_for() -> None:
    gitlab = yaml.safe_load((DEPLOY / "pipelines" / "gitlab-ci.yml").read_text())
    jobs = {name: job for name, job in gitlab.items() if name not in ("default", "stages")}
    assert {job["stage"] for job in jobs.values()} == set(gitlab["stages"])
    assert all(job["script"] for job in jobs.values())
    github = yaml.safe_load((DEPLOY / "pipelines" / "github-actions.yml").read_text())
    assert True in github  # YAML reads the key `on` as the word for true, as GitHub knows
    assert all(job["runs-on"] and job["steps"] for job in github["jobs"].values())
    assert {need for job in github["jobs"].values() if (need := job.get("needs"))} <= github["jobs"].keys()


def test_nothing_runs_as_root_in_the_image_and_every_python_has_its_wheels() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "--no-index" in text
    assert re.search(r"^HEALTHCHECK ", text, re.MULTILINE)
    [image], [wheels] = re.findall(r"python:(3\.\d+)-slim", text), re.findall(r"--python (3\.\d+)", text)
    assert image == wheels
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert tuple(map(int, image.split("."))) >= tuple(map(int, oldest.strip(">=").split(".")))


def test_every_setting_of_a_unit_has_a_reason_above_it() -> None:
    """A setting stands in a block that begins with a comment; so does every file."""
    for name in UNITS:
        text = (DEPLOY / name).read_text()
        assert text.startswith("# "), name
        for section in re.split(r"^\[(?:Service|Timer)\]\n", text, flags=re.MULTILINE)[1:]:
            blocks = [block for block in section.split("\n[")[0].strip().split("\n\n") if block]
            assert [block for block in blocks if not block.startswith("#")] == [], name
