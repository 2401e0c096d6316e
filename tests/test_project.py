"""The rules of the house itself: what every room must keep, whoever builds it."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse

from applications.rules.process import FINAL_STATES, NEXT_ACTS, STATE_OWNERS, CaseState, Owner
from organizations.permissions import ROLE_LEVELS, ROLE_PERMISSIONS, Permission, Role

ROOT = Path(settings.BASE_DIR)
CHINESE = re.compile("[\u4e00-\u9fff]")
ROOMS = tuple(app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir())
LONGEST_MODULE = 400

FOREIGN_ADDRESSES = {
    "http://www.w3.org/2000/svg": "the name of a vocabulary, never fetched",
    "http://www.w3.org/1999/xlink": "the name of a vocabulary, never fetched",
    "http://www.w3.org/1999/xhtml": "the name of a vocabulary, never fetched",
}


def text(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def own_models() -> Iterator[type[models.Model]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if not hasattr(model, "pgh_tracked_model"):
                yield model


def modules() -> Iterator[Path]:
    for folder in (*ROOMS, "jixi_assist", "scripts", "tests"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


# --- Models ----------------------------------------------------------------------------------------------------
def test_every_model_and_field_has_a_chinese_name() -> None:
    nameless = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.local_fields
        if field.name not in {"id", "password", "last_login", "is_superuser", "user", "permission"}
        and field.verbose_name != "PDF"
        and not CHINESE.search(str(field.verbose_name))
    ]
    nameless += [model._meta.label for model in own_models() if not CHINESE.search(str(model._meta.verbose_name))]
    assert nameless == []


def test_every_table_keeps_its_history_or_is_written_once() -> None:
    def has_trail(model: type[models.Model]) -> bool:
        triggers = {trigger.name for trigger in getattr(model._meta, "triggers", ())}
        return {"append_only"} <= triggers or {"actor_required", "insert_insert", "update_update"} <= triggers

    # Drafts by the ten thousand until their roll is signed; frozen with it, its events and the bank's answers are kept.
    of_rolls = {
        "benefits.RollLine": {"actor_required", "frozen_takes_no_line", "frozen_keeps_its_lines"}
        | {"frozen_takes_results_only"},
        "benefits.RollItem": {"actor_required", "frozen_stays"},
    }
    models_by_label = {model._meta.label: model for model in own_models()}
    for label, wanted in of_rolls.items():
        assert wanted <= {trigger.name for trigger in models_by_label[label]._meta.triggers}

    untold = {model._meta.label for model in own_models() if not has_trail(model)}
    assert untold == of_rolls.keys()


def test_relations_lead_to_the_own_or_a_lower_floor() -> None:
    layers = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    floors = {room: -number for number, layer in enumerate(layers) for room in layer.split(" | ")}
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and field.related_model._meta.app_label in floors
        and field.related_model._meta.app_label != model._meta.app_label
        and floors[field.related_model._meta.app_label] >= floors[model._meta.app_label]
    ]
    assert upwards == []


# --- Process, roles --------------------------------------------------------------------------------------------
def test_every_state_has_an_owner_and_every_open_one_a_next_act() -> None:
    assert set(STATE_OWNERS) == set(CaseState) == set(NEXT_ACTS)
    assert {state for state, owner in STATE_OWNERS.items() if owner == Owner.NOBODY} == FINAL_STATES
    assert {state for state, act in NEXT_ACTS.items() if not act} == FINAL_STATES


def test_every_permission_and_role_is_named_in_chinese() -> None:
    assert [item for item in (*Permission, *Role, *CaseState) if not CHINESE.search(item.label)] == []


def test_every_role_has_its_level_and_its_permissions_stated() -> None:
    assert set(ROLE_LEVELS) == set(ROLE_PERMISSIONS) == set(Role)


def test_nobody_who_enters_or_proposes_holds_the_county_confirmation() -> None:
    confirming = {role for role, allowed in ROLE_PERMISSIONS.items() if Permission.CONFIRM in allowed}
    proposing = {Permission.REGISTER_HOUSEHOLD, Permission.OPEN_INTAKE, Permission.ACCEPT, Permission.PROPOSE}
    assert confirming == {Role.COUNTY_APPROVER}
    assert not proposing & ROLE_PERMISSIONS[Role.COUNTY_APPROVER]


# --- Code ------------------------------------------------------------------------------------------------------
def test_no_module_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_module_is_named_for_nothing() -> None:
    assert [path for path in modules() if path.stem in {"utils", "helpers", "misc", "common"}] == []


def test_pages_load_nothing_from_other_hosts() -> None:
    found = {}
    for folder in ("templates", "static", *ROOMS):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".html", ".css", ".js", ".svg"} and "vendor" not in path.parts:
                addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"'<>)]*", path.read_text(encoding="utf-8")))
                addresses = {address for address in addresses if address.startswith(("http", "//"))}
                if foreign := addresses - FOREIGN_ADDRESSES.keys():
                    found[str(path.relative_to(ROOT))] = foreign
    assert found == {}


# --- Settings and set-up ---------------------------------------------------------------------------------------
def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JIXI_")}
    return subprocess.run(
        [sys.executable, "-c", "import jixi_assist.settings"],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "secret_key").write_text("x" * 60)
    return {
        "JIXI_PRODUCTION": "1",
        "DATABASE_URL": "postgres://jixi@db/jixi",
        "REDIS_URL": "redis://cache/0",
        "JIXI_ALLOWED_HOSTS": "jiuzhu.example.gov.cn",
        "JIXI_KEY_FILE": str(tmp_path / "keys.json"),
        "JIXI_SECRET_KEY_FILE": str(tmp_path / "secret_key"),
    }


def test_production_starts_with_everything_it_needs(production: dict[str, str]) -> None:
    assert start(**production).returncode == 0


@pytest.mark.parametrize(
    "left_out", ["DATABASE_URL", "REDIS_URL", "JIXI_ALLOWED_HOSTS", "JIXI_KEY_FILE", "JIXI_SECRET_KEY_FILE"]
)
def test_production_refuses_embedded_servers_and_keys_of_its_own_making(
    production: dict[str, str], left_out: str
) -> None:
    result = start(**production | {left_out: ""})
    assert result.returncode != 0
    assert f"生产环境必须设置 {left_out}" in result.stderr


def test_production_refuses_debug_pages(production: dict[str, str]) -> None:
    result = start(**production, JIXI_DEBUG="1")
    assert result.returncode != 0
    assert "生产环境不能打开 JIXI_DEBUG" in result.stderr


def test_no_start_without_a_key_made_for_this_installation(tmp_path: Path) -> None:
    result = start(JIXI_SECRET_KEY_FILE=str(tmp_path / "none"))
    assert result.returncode != 0
    assert "make setup" in result.stderr


def test_settings_hold_no_secret() -> None:
    words = re.compile("key|secret|password|token", re.IGNORECASE)
    literals = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(text("jixi_assist/settings.py")))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and words.search(ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target))
    ]
    assert literals == []


def settings_read() -> set[str]:
    """Names of the environment that our code reads."""
    sources = (text("jixi_assist/settings.py"), text("foundation/embedded.py"))
    return {name for source in sources for name in re.findall(r"\"((?:JIXI_\w+|DATABASE_URL|REDIS_URL))\"", source)}


def test_the_example_of_the_environment_names_every_setting() -> None:
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    assert settings_read() - named == set()


def test_compose_gives_every_program_of_ours_every_setting() -> None:
    services = yaml.safe_load(text("docker-compose.yml"))["services"]
    assert set(services) == {"prepare", "web", "worker", "beat", "postgres", "redis", "keys", "rotate"}
    within_the_image = {"JIXI_VAR_DIR", "JIXI_DEBUG"}
    for name in ("prepare", "web", "worker", "beat", "rotate"):
        assert settings_read() - within_the_image - services[name]["environment"].keys() == set(), name


def test_compose_asks_for_its_secrets_and_watches_its_programs() -> None:
    compose = text("docker-compose.yml")
    services = yaml.safe_load(compose)["services"]
    asked = set(re.findall(r"\$\{(\w+):\?", compose))
    assert asked == {
        "JIXI_ALLOWED_HOSTS",
        "JIXI_TRUSTED_ORIGINS",
        "JIXI_KEYS_DIR",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
    }
    assert set(re.findall(r"\$\{(\w+)", compose)) <= set(re.findall(r"([A-Z_]+)=", text(".env.example")))
    assert {name for name, service in services.items() if "healthcheck" in service} == set(services) - {
        "prepare",
        "keys",
        "rotate",
    }


def test_the_programs_that_serve_cannot_write_the_folder_of_the_keys() -> None:
    services = yaml.safe_load(text("docker-compose.yml"))["services"]
    folders = {
        name: [volume.endswith(":ro") for volume in service.get("volumes", ()) if "/run/jixi" in volume]
        for name, service in services.items()
    }
    assert {name for name, is_read_only in folders.items() if is_read_only == [False]} == {"keys", "rotate"}
    assert {name for name, is_read_only in folders.items() if is_read_only == [True]} == {
        "prepare",
        "web",
        "worker",
        "beat",
    }


def test_the_image_has_what_compose_starts() -> None:
    compose, dockerfile = text("docker-compose.yml"), text("Dockerfile")
    scripts = set(re.findall(r"scripts/\w+\.\w+", compose + dockerfile))
    assert scripts == {"scripts/prepare.sh", "scripts/healthcheck.py", "scripts/keys.py", "scripts/setup.py"}
    assert all((ROOT / script).is_file() for script in scripts)


def test_the_health_check_asks_what_our_programs_tell() -> None:
    check = text("scripts/healthcheck.py")
    assert f'PAGE = "{reverse("healthz")}"' in check
    (file,) = re.findall(r'BEAT_FILE = "(.+)"', check)
    assert f'settings.VAR_DIR, "{file}"' in text("foundation/beat.py")


# --- Documentation ---------------------------------------------------------------------------------------------
def test_the_readme_and_the_makefile_name_the_same_commands() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^\| `make ([a-z]+)", text("README.md"), re.MULTILINE)) == targets


def test_links_of_the_documentation_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not target.startswith("http") and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", text("docs/decisions/README.md")))
    assert listed == {path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md")}
