from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications.models import Case
from applications.rules.process import NEXT_ACTS, STATE_OWNERS, CaseState


class Command(BaseCommand):
    help = "把办件状态图写到 docs/states.md；--check 只核对是否最新。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="不写文件，过期则以非零退出")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "states.md"
        text = state_diagram()
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError("docs/states.md 已过期，请运行 python manage.py state_diagram 后提交。")


def state_diagram() -> str:
    """The states of a case as Mermaid, with owner and next act, from the transitions themselves."""
    arrows = sorted(
        (str(transition.source), str(target), transition.name)
        for transition in Case._meta.get_field("state").get_all_transitions(Case)
        for target in _targets(transition.target)
        if transition.name not in ("withdraw", "terminate", "take_back")
    )
    lines = ["# States of a case (办件状态)", "", "Written by `python manage.py state_diagram`.", "", "```mermaid"]
    lines += ["stateDiagram-v2", f"    [*] --> {CaseState.DRAFT}"]
    lines += [f'    state "{state.label}" as {state}' for state in CaseState]
    lines += [f"    {source} --> {target}: {name}" for source, target, name in arrows]
    lines += [
        "```",
        "",
        "From every state before the decision the family may withdraw (`withdraw`) and the procedure may",
    ]
    lines += ["be terminated (`terminate`); whoever made the last step may take it back until somebody else acts."]
    lines += ["", "| state | 状态 | owner | next act 下一步 |", "|---|---|---|---|"]
    lines += [f"| {state} | {state.label} | {STATE_OWNERS[state]} | {NEXT_ACTS[state] or '—'} |" for state in CaseState]
    return "\n".join(lines) + "\n"


def _targets(target: Any) -> list[str]:
    return [str(target)] if isinstance(target, str) else list(target.allowed_states)
