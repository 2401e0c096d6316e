"""What happens to a family, told by the room below, and what it means for its cases."""

from applications.models import Announcement, IntakePaper, PublicityPhoto, SupplementItem, VisitAttachment
from households.models import Attachment
from households.services import NotAllowedNow


def check_unused(attachment: Attachment) -> None:
    """
    :raises NotAllowedNow: something on record in an intake or a case rests on the attachment.
    """
    uses = (
        (
            IntakePaper.objects.filter(attachment=attachment, voided_at=None),
            "签字材料",
            "要更换的，请在办件里上传新的签字件",
        ),
        (SupplementItem.objects.filter(attachment=attachment), "收到的补正材料", ""),
        (VisitAttachment.objects.filter(attachment=attachment), "入户调查记录", ""),
        (PublicityPhoto.objects.filter(attachment=attachment), "公示张贴证明", ""),
        (Announcement.objects.filter(photo=attachment), "村内公布证明", ""),
    )
    for rows, use, way in uses:
        if rows.exists():
            raise NotAllowedNow(f"这个附件是办件里的{use}，不能作废{f'；{way}' if way else ''}。")
