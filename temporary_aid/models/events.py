"""经过 and numbers: what happened to an aid, and the counters that number aids, reports, slips and requests."""

import pgtrigger
from django.conf import settings
from django.db import models

from foundation.trail import append_only, recorded
from temporary_aid.models.aids import TemporaryAid


@recorded()
class AidCounter(models.Model):
    """临时救助编号计数: the last number given in a year; its row is the lock."""

    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("用途", max_length=10)
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = "临时救助编号计数"
        verbose_name_plural = "临时救助编号计数"
        constraints = [models.UniqueConstraint(name="aid_counter_once", fields=("year", "kind"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.last}"


class AidEventKind(models.TextChoices):
    """What happened to an aid (经过)."""

    REPORTED = "reported", "报告急难"
    OPENED = "opened", "登记临时救助"
    CHANGED = "changed", "更正登记"
    IDENTIFIED = "identified", "补登身份"
    NUMBER_CORRECTED = "number_corrected", "更正身份证号"
    LINKED = "linked", "关联家庭"
    FAMILY_CHANGED = "family_changed", "家庭变动"
    ADVANCE_ASKED = "advance_asked", "村级提请先行救助"
    ADVANCE_DECLINED = "advance_declined", "不予先行救助"
    ADVANCE_RELEASED = "advance_released", "县级放行先行救助"
    ADVANCED = "advanced", "小额先行救助"
    PAPERS_IN = "papers_in", "后补手续"
    SUPPLEMENTED = "supplemented", "提交补充说明"
    SUPPLEMENT_RETURNED = "supplement_returned", "退回补充说明"
    SUPPLEMENT_ACCEPTED = "supplement_accepted", "补充说明审核通过"
    PROPOSED = "proposed", "提出救助意见"
    RETURNED = "returned", "退回"
    COLLECTIVE_ASKED = "collective_asked", "提请一事一议"
    COLLECTIVE_ASK_WITHDRAWN = "collective_ask_withdrawn", "撤回一事一议提请"
    COLLECTIVE_DECISION = "collective_decision", "一事一议"
    COLLECTIVE_DECISION_VOIDED = "collective_decision_voided", "作废一事一议"
    IN_CASE = "in_case", "转入一般程序"
    APPROVED = "approved", "批准"
    REFUSED = "refused", "不予救助"
    WITHDRAWN = "withdrawn", "不再办理"
    VISITED = "visited", "分期走访"
    STAGE_CONFIRMED = "stage_confirmed", "确认本期"
    SENT_TO_BANK = "sent_to_bank", "送银行"
    SENT_TAKEN_BACK = "sent_taken_back", "撤回送银行"
    PAID = "paid", "发放"
    STAGE_CANCELLED = "stage_cancelled", "终止余期"
    POSTED = "posted", "事后公示"
    RECOUPMENT_OPENED = "recoupment_opened", "决定追回"
    GOODS_RETURNED = "goods_returned", "物资退库"
    REPAID = "repaid", "退回款项"
    RECOUPED = "recouped", "追回完毕"
    CLOSED = "closed", "办结"
    MEANS_CHECKED = "means_checked", "后台核对"
    DOCUMENT_ISSUED = "document_issued", "制发文书"
    OVERDUE_EXPLAINED = "overdue_explained", "说明超期原因"


@pgtrigger.register(append_only())
class AidEvent(models.Model):
    """临时救助经过: what happened, written in the same transaction, once."""

    aid = models.ForeignKey(TemporaryAid, on_delete=models.RESTRICT, related_name="events", verbose_name="临时救助")
    kind = models.CharField("事件", max_length=30, choices=AidEventKind)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="经办人"
    )
    from_state = models.CharField("前状态", max_length=20, blank=True)
    to_state = models.CharField("后状态", max_length=20, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "临时救助经过"
        verbose_name_plural = "临时救助经过"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("aid", "kind"), name="aid_event_by_aid")]

    def __str__(self) -> str:
        return f"{self.at} {self.get_kind_display()}"
