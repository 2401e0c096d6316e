"""Who is paid, who files on behalf, who consented to the means check."""

from django.db import models
from django.db.models import Q

from foundation.crypto import BlindIndexField, EncryptedField
from foundation.trail import recorded
from households.models.attachments import Attachment
from households.models.families import Household, Member
from households.models.means import Supporter


class PayeeKind(models.TextChoices):
    OWN = "own", "家庭成员本人"
    GUARDIAN = "guardian", "监护人"
    CUSTODIAN = "custodian", "代管人（存折代管）"


@recorded()
class BankAccount(models.Model):
    """发放账户: account, holder, and the payee or guardian who receives it (领款人)."""

    household = models.ForeignKey(
        Household, on_delete=models.RESTRICT, related_name="bank_accounts", verbose_name="家庭"
    )
    bank = models.CharField("开户银行", max_length=60)
    account = EncryptedField("账号", purpose="account")
    account_index = BlindIndexField("账号盲索引", of="account")
    holder = models.CharField("户名", max_length=60)
    payee_kind = models.CharField("领款人身份", max_length=20, choices=PayeeKind, default=PayeeKind.OWN)
    payee_member = models.ForeignKey(
        Member, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="领款成员"
    )
    payee_name = models.CharField("监护人或代管人姓名", max_length=60, blank=True)
    payee_relation = models.CharField("与家庭关系", max_length=30, blank=True)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "发放账户"
        verbose_name_plural = "发放账户"
        constraints = [
            models.UniqueConstraint(
                name="bank_account_one_current",
                fields=("household",),
                condition=Q(ended_on=None),
                violation_error_message="这个家庭已有在用的发放账户。",
            ),
            models.CheckConstraint(
                name="bank_account_payee_named",
                condition=Q(payee_kind="own") | ~Q(payee_name=""),
                violation_error_message="由监护人或代管人领款的，请填其姓名。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.account}"


@recorded()
class Agent(models.Model):
    """代理人: files on behalf of the family, with a letter (委托书); F57 §4."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="agents", verbose_name="家庭")
    name = models.CharField("姓名", max_length=60)
    id_number = EncryptedField("身份证号", purpose="id_number", blank=True)
    phone = EncryptedField("电话", purpose="phone", blank=True)
    relation = models.CharField("与申请人关系或单位", max_length=60)
    ended_on = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        verbose_name = "代理人"
        verbose_name_plural = "代理人"
        constraints = [
            models.UniqueConstraint(name="agent_one_current", fields=("household",), condition=Q(ended_on=None))
        ]

    def __str__(self) -> str:
        return self.name


@recorded()
class Consent(models.Model):
    """核查授权: signed by every adult member, by guardians for the others (handbook task 21).

    For 特困 the legal supporters outside the family sign as well (F43 §10).
    """

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="consents", verbose_name="家庭")
    signed_on = models.DateField("签署日期")
    valid_to = models.DateField("有效期至", null=True, blank=True)
    scan = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="签字扫描件"
    )
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)

    class Meta:
        verbose_name = "核查授权"
        verbose_name_plural = "核查授权"
        ordering = ("-signed_on",)

    def __str__(self) -> str:
        return f"{self.household} {self.signed_on}"


class UnsignedReason(models.TextChoices):
    """Why a legal supporter has not signed: a missing one must not bar a destitute person (local practice)."""

    REFUSED = "refused", "拒绝签字"
    LOST = "lost", "失去联系"
    UNREACHABLE = "unreachable", "无法联系"


@recorded()
class ConsentSigner(models.Model):
    """授权签署人: the member or the legal supporter (法定义务人) of whom the consent says something.

    A guardian may have signed instead of a member; of a supporter who has not signed it is kept why not.
    """

    consent = models.ForeignKey(Consent, on_delete=models.RESTRICT, related_name="signers", verbose_name="授权")
    member = models.ForeignKey(
        Member, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="成员"
    )
    supporter = models.ForeignKey(
        Supporter, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="法定义务人"
    )
    guardian_name = models.CharField("监护人代签", max_length=60, blank=True)
    unsigned_reason = models.CharField("没有签字的原因", max_length=20, choices=UnsignedReason, blank=True)
    unsigned_note = models.CharField("没有签字的情况", max_length=120, blank=True)

    class Meta:
        verbose_name = "授权签署人"
        verbose_name_plural = "授权签署人"
        constraints = [
            models.UniqueConstraint(name="consent_signer_once", fields=("consent", "member")),
            models.UniqueConstraint(name="consent_supporter_once", fields=("consent", "supporter")),
            models.CheckConstraint(
                name="consent_signer_member_or_supporter",
                condition=Q(member__isnull=False, supporter=None) | Q(member=None, supporter__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_unsigned_is_a_supporter_with_reason",
                condition=Q(unsigned_reason="", unsigned_note="")
                | (Q(supporter__isnull=False) & ~Q(unsigned_reason="") & ~Q(unsigned_note="")),
                violation_error_message="只有法定义务人可以登记没有签字的原因，并写明情况。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member or self.supporter)
