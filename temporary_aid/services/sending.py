"""送银行: which stages went out in the bank's file and to which accounts, so that none goes out twice."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from foundation.money import in_figures
from foundation.spreadsheets import PlainResource
from organizations.models import Staff
from organizations.services import Reason, export_in_full
from temporary_aid.models import AidBankFile, AidEventKind, AidStage, TemporaryAid
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries.paying import for_the_bank, sent_stages
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, next_number, write_event


@transaction.atomic
def send_to_bank(stages: QuerySet[AidStage], *, by: Staff, at: datetime) -> QuerySet[AidStage]:
    """Mark confirmed money as sent to the bank (送银行), each to the account that is the family's now.

    What another desk sent, paid or cancelled meanwhile does not go out again; nor does what is not to be paid now
    (:class:`temporary_aid.queries.paying.Stop`) or is of the person's own near relatives (近亲属备案).

    :returns: what goes out, with the account that it goes to.
    :raises NotAllowed: nothing waits to be sent.
    :raises NotPermitted: no right to write the bank's file for some stage's area.
    """
    wanted = list(stages.order_by("pk").values_list("pk", "aid_id"))
    # The aids first, as every act on a stage locks them, so that no two desks wait for each other.
    aids = TemporaryAid.objects.select_for_update(of=("self",)).filter(pk__in={aid for _, aid in wanted})
    list(aids.order_by("pk"))
    of_them = AidStage.objects.filter(pk__in=[stage for stage, _ in wanted])
    waiting = for_the_bank(of_them, by=by, on=timezone.localdate(at))
    sent = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    for area in {stage.aid.area for stage in sent}:
        check_can_act(by, Permission.WRITE_BANK_FILE, area=area)
    if not sent:
        raise NotAllowed(
            "没有等待送银行的期次。已送银行的不再导出，银行没有收到的，先撤回再导出；列表中注明不发放、未到计划日期的不导出。"
        )
    file = _keep_file(sent, by=by, at=at)
    for stage in sent:  # each is written so that its history keeps it
        account = stage.aid.household.current_accounts[0]  # type: ignore[union-attr]
        stage.account, stage.account_tail = account, account.account.reveal()[-4:]
        stage.exported_at, stage.exported_by, stage.bank_file = at, by, file
        stage.save()
        note = f"第{stage.serial}期，{in_figures(stage.amount)}元，{account.bank}（尾号{stage.account_tail}）"
        write_event(stage.aid, AidEventKind.SENT_TO_BANK, by=by, at=at, note=note)
    return sent_stages(stage.pk for stage in sent)


@transaction.atomic
def write_bank_file(
    resource: PlainResource,
    rows: QuerySet[AidStage],
    *,
    words: str,
    query: str,
    reason: Reason,
    permission: Permission,
    by: Staff,
    at: datetime,
) -> bytes:
    """The bank's file (银行发放文件) of exactly what is marked as sent with it; on record.

    :param rows: stages of a list; those that wait to be sent go out.
    :returns: the xlsx file.
    :raises NotAllowed: nothing waits to be sent.
    :raises NotExportable: no reason, or too many full exports in the last hour.
    """
    sent = send_to_bank(rows, by=by, at=at)
    return export_in_full(resource, sent, words=words, query=query, reason=reason, permission=permission, by=by, at=at)


@transaction.atomic
def write_bank_file_again(
    resource: PlainResource,
    rows: QuerySet[AidStage],
    *,
    words: str,
    query: str,
    reason: Reason,
    permission: Permission,
    by: Staff,
    at: datetime,
) -> bytes:
    """A file that went out before, once more (重新下载): where it did not arrive; on record, and nothing is marked.

    :param rows: stages of one file; what was taken back (撤回) since is none of them any more.
    :returns: the xlsx file.
    :raises NotAllowed: everything in it was taken back.
    :raises NotExportable: no reason, or too many full exports in the last hour.
    """
    if not rows.exists():
        raise NotAllowed("这份文件的期次都已撤回，不能再下载；请重新导出银行发放文件。")
    return export_in_full(resource, rows, words=words, query=query, reason=reason, permission=permission, by=by, at=at)


@transaction.atomic
def take_back_export(stage: AidStage, *, reason: str, by: Staff, at: datetime) -> AidStage:
    """Take back what was sent to the bank (撤回), since it did not or will not pay it; the stage waits again.

    :raises NotAllowed: not sent, paid already, or no reason.
    """
    aid = lock_aid(stage.aid, by=by, permission=Permission.WRITE_BANK_FILE)
    stage = AidStage.objects.select_for_update(of=("self",)).get(pk=stage.pk, aid=aid)
    if not stage.is_sent:
        raise NotAllowed(f"第{stage.serial}期没有送银行，或者已经登记发放，不能撤回。请刷新页面。")
    reason = check_told(reason, "请写明撤回的原因。", field="reason")
    tail = stage.account_tail
    stage.account, stage.account_tail = None, ""
    stage.exported_at, stage.exported_by, stage.bank_file = None, None, None
    stage.save()
    note = f"第{stage.serial}期（尾号{tail}）：{reason}"
    write_event(aid, AidEventKind.SENT_TAKEN_BACK, by=by, at=at, note=note)
    return stage


def _keep_file(stages: list[AidStage], *, by: Staff, at: datetime) -> AidBankFile:
    return AidBankFile.objects.create(
        number=next_number("YH", timezone.localdate(at).year),
        stages_count=len(stages),
        amount=sum(stage.amount for stage in stages),
        sent_by=by,
        sent_at=at,
    )


def check_none_sent(stages: Iterable[AidStage]) -> None:
    """
    :raises NotAllowed: some stage is at the bank, which may pay it at any moment.
    """
    serials = "、".join(f"第{stage.serial}期" for stage in stages if stage.is_sent)
    if serials:
        raise NotAllowed(f"{serials}已送银行。请先登记发放；银行没有发放的，先撤回，再办理。")
