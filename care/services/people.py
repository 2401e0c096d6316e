"""What rooms below tell of people, attachments and papers, and what it means for their care."""

from django.db import IntegrityError, transaction

from care.models import Admission, CareAgreement, CareDecision, CareVisit, SelfCareReassessment
from documents.models import Document
from foundation.errors import ServiceError
from households.models import Attachment, Person
from households.services import NotAllowedNow


@transaction.atomic
def take_over(former: Person, *, known: Person) -> None:
    """Agreements and admissions of a record found to be another person's are that person's.

    :raises NotAllowedNow: that person has an agreement or an admission over the same time.
    """
    for rows in (CareAgreement, Admission):
        for row in rows._default_manager.select_for_update().filter(person=former):
            row.person = known
            try:
                with transaction.atomic():
                    row.save(update_fields=["person"])
            except IntegrityError as error:
                raise NotAllowedNow(
                    "两条记录都登记了照料人或入住。请先终止其中一份，再合并。", field="id_number"
                ) from error


def check_unused(attachment: Attachment) -> None:
    """
    :raises NotAllowedNow: an agreement or a visit rests on the attachment.
    """
    if CareAgreement.objects.filter(scan=attachment).exists():
        raise NotAllowedNow("这个附件是委托照料协议的签字扫描件，不能作废。")
    if CareVisit.objects.filter(photo=attachment, voided_on=None).exists():
        raise NotAllowedNow("这个附件是走访记录的照片，不能作废；走访记录有误的，请先作废走访记录。")


def check_stands(document: Document) -> None:
    """
    :raises ServiceError: the paper is of a re-assessment or of what was decided on it, and none could take its place.
    """
    if CareDecision.objects.filter(notice=document).exists():
        raise ServiceError("这份告知书是已经决定的照料护理调整，不能作废；有误的，请登记自理能力变化，重新评估、决定。")
    if SelfCareReassessment.objects.filter(record__document=document).exists():
        raise ServiceError("这份评估表是复核评估的，不能作废；有误的，请由县里退回重新评估，或登记新的自理能力变化。")
